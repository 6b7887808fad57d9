using Harness.Cli.Client;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary>Follows a sweep to its end.</summary>
public static class SweepWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Shows progress until the sweep has ended; a broken stream is opened again.</summary>
    public static async Task<SweepSummary> FollowAsync(
        HarnessClient client,
        string sweep,
        CancellationToken cancellation
    )
    {
        var line = new ProgressLine();
        while (true)
        {
            try
            {
                await foreach (var summary in client.WatchAsync(sweep, cancellation))
                {
                    line.Show(summary);
                }
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                // The dashboard may be starting again; the next look tells.
            }

            var now = await client.GetAsync(
                $"api/v1/sweeps/{sweep}/summary",
                DomainJson.Default.SweepSummary,
                cancellation
            );
            line.Show(now);
            if (
                now.State
                is SweepState.Completed
                    or SweepState.CompletedWithFailures
                    or SweepState.Cancelled
            )
            {
                line.End();
                return now;
            }

            await Task.Delay(Pause, cancellation);
        }
    }
}

using System.Net.ServerSentEvents;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Cli.Client;

/// <summary>Follows a sweep to its end; a broken connection is opened again.</summary>
public static class SweepWatch
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromMinutes(2); // longer than a restart of the dashboard

    /// <summary>Whether nothing more happens in that state.</summary>
    public static bool IsEnd(SweepState state) =>
        state is SweepState.Completed or SweepState.CompletedWithFailures or SweepState.Cancelled;

    /// <summary>Follows the sweep and returns its last summary.</summary>
    /// <param name="client">The API.</param>
    /// <param name="sweep">Id.</param>
    /// <param name="seen">Called with each summary.</param>
    /// <param name="cancellation">Stops watching.</param>
    public static async Task<SweepSummary> ToEndAsync(
        HarnessClient client,
        string sweep,
        Action<SweepSummary> seen,
        CancellationToken cancellation
    )
    {
        var silent = TimeSpan.Zero;
        while (true)
        {
            try
            {
                var last = await FollowAsync(
                    client,
                    sweep,
                    summary =>
                    {
                        silent = TimeSpan.Zero;
                        seen(summary);
                    },
                    cancellation
                );
                if (last is not null && IsEnd(last.State))
                {
                    return last;
                }
            }
            catch (Exception error)
                when (Passing(error)
                    && silent < GiveUpAfter
                    && !cancellation.IsCancellationRequested
                )
            {
                // The dashboard is being started again.
            }

            silent += Pause;
            await Task.Delay(Pause, cancellation);
        }
    }

    private static bool Passing(Exception error) =>
        error is IOException or HttpRequestException
        || error is HarnessException { ExitCode: HarnessException.Infrastructure }
        || error is ProblemException { Document.Status: >= 500 };

    private static async Task<SweepSummary?> FollowAsync(
        HarnessClient client,
        string sweep,
        Action<SweepSummary> seen,
        CancellationToken cancellation
    )
    {
        using var answer = await client.OpenAsync($"sweeps/{sweep}/events", cancellation);
        await using var stream = await answer.Content.ReadAsStreamAsync(cancellation);
        SweepSummary? last = null;
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellation))
        {
            if (item.EventType == "summary")
            {
                last = JsonSerializer.Deserialize(item.Data, DomainJson.Default.SweepSummary)!;
                seen(last);
                if (IsEnd(last.State))
                {
                    break;
                }
            }
        }

        return last;
    }
}

using Harness.Cli.Client;
using Harness.Domain;

namespace Harness.Cli.Commands;

/// <summary>Waits for the first worker of a harness that was just started.</summary>
public static class Joining
{
    // A worker joins within two seconds on a quiet machine, and within half a minute on a crowded one. One that cannot is
    // no reason to wait for ever: the supervisor tells why it ends, and the server warns of a sweep that nobody runs.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Returns when a worker is ready, or when the limit is over.</summary>
    public static async Task FirstAsync(HarnessClient client, CancellationToken cancellation)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var waited = TimeSpan.Zero; waited < Limit; waited += beat.Period)
        {
            var workers = await client.GetAsync(
                "workers",
                DomainJson.Default.IReadOnlyListWorkerRow,
                cancellation
            );
            if (workers.Any(worker => worker.State == "ready"))
            {
                return;
            }

            await beat.WaitForNextTickAsync(cancellation);
        }
    }
}

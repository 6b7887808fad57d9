using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Waits until the dashboard has found a silo: it listens before, and who calls it earlier is refused.</summary>
public static class Readiness
{
    /// <summary>Returns when <c>/health/ready</c> says yes.</summary>
    /// <param name="dashboard">The program.</param>
    /// <param name="url">Its URL.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task WaitAsync(
        ChildProcess dashboard,
        string url,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        using var http = new HttpClient();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (
            var waited = TimeSpan.Zero;
            waited < limit && !dashboard.HasExited;
            waited += beat.Period
        )
        {
            try
            {
                using var answer = await http.GetAsync(
                    new Uri($"{url}/health/ready"),
                    cancellation
                );
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            await beat.WaitForNextTickAsync(cancellation);
        }

        throw new HarnessException($"The dashboard found no silo: {dashboard.LastLines()}");
    }
}

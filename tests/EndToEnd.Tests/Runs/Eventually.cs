using System.Diagnostics;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>Waits for a fact, not for the clock; a timeout says what was missing.</summary>
internal static class Eventually
{
    public static async Task IsAsync(Func<Task<bool>> fact, TimeSpan within, Func<string> otherwise)
    {
        var clock = Stopwatch.StartNew();
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            if (await fact())
            {
                return;
            }
        } while (
            clock.Elapsed < within
            && await beat.WaitForNextTickAsync(TestContext.Current.CancellationToken)
        );

        throw new TimeoutException($"not within {within}: {otherwise()}");
    }
}

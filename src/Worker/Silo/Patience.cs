namespace Harness.Worker.Silo;

/// <summary>Calls a silo that may be away: that costs no attempt, so a call is repeated with a growing, jittered pause.</summary>
/// <param name="said">Told why a call was in vain.</param>
public sealed class Patience(Action<string> said)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3); // with the jitter below five: work resumes as soon after an outage

    private readonly Random _jitter = new(Environment.ProcessId);

    /// <summary>Repeats a call until it is taken.</summary>
    /// <returns>False where it was cancelled before.</returns>
    public async Task<bool> TryAsync(Func<Task> call, CancellationToken cancellation)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await call();
                return true;
            }
            catch (SiloAwayException away)
            {
                said(away.Message);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return false;
            }

            try
            {
                double share;
                lock (_jitter)
                {
                    share = 0.5 + _jitter.NextDouble();
                }

                await Task.Delay(pause * share, cancellation);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }
    }
}

using System.Globalization;
using Npgsql;

namespace Harness.Faults;

/// <summary>Sweeps without end: trials that train nothing, that wait longer than a lease, and that train and keep checkpoints.</summary>
/// <param name="rig">The programs.</param>
internal sealed class Workload(Rig rig)
{
    private const int AtATime = 2; // sweeps that are not done
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);

    private readonly List<string> _submitted = [];

    /// <summary>Sweeps that were taken.</summary>
    public IReadOnlyList<string> Submitted => _submitted;

    /// <summary>Submits until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            while (!stop.IsCancellationRequested && await OpenAsync() is null or >= AtATime)
            {
                await Task.Delay(Beat, CancellationToken.None);
            }

            // The same text until it is taken: a sweep whose answer was lost is the same sweep.
            while (!stop.IsCancellationRequested)
            {
                if (await rig.SubmitAsync(Sweep(number)) is { } sweep)
                {
                    _submitted.Add(sweep);
                    break;
                }

                await Task.Delay(Beat, CancellationToken.None);
            }
        }
    }

    /// <summary>Waits until every sweep has ended.</summary>
    /// <returns>Whether they have.</returns>
    public async Task<bool> DrainAsync(TimeSpan within)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (await OpenAsync() is not 0)
        {
            if (TimeProvider.System.GetElapsedTime(begin) > within)
            {
                return false;
            }

            await Task.Delay(Beat);
        }

        return true;
    }

    // Null while the database is away.
    private async Task<long?> OpenAsync()
    {
        try
        {
            await using var command = rig.Database.CreateCommand(
                "select count(*) from sweep where ended_at is null"
            );
            return (long)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    // Sweeps differ in the warm-up, so that none shares its trials with one before.
    private static string Sweep(int number) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            version: 1
            name: fault-{{number}}
            method: list
            trials:
              - {model: rnn, task: noop}
              - {model: rnn, task: noop, width: 16}
              - {model: rnn, task: sleep, seconds: 1}
              - {model: rnn, task: sleep, seconds: 5}
              - {model: gru, task: parity, width: 16}
            parameters:
              warmup_steps: {value: {{number}}}
            seeds: {{(number % 3) + 2}}
            budget: {steps: 600}
            retry: {max_crashes: 8}
            checkpoint: {every: 100}
            """
        );
}

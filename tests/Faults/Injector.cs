using System.Collections.Concurrent;
using Npgsql;

namespace Harness.Faults;

/// <summary>Does what a plan says, and counts what was really done.</summary>
/// <param name="rig">The programs.</param>
internal sealed class Injector(Rig rig)
{
    private readonly ConcurrentDictionary<FaultKind, int> _done = new();

    /// <summary>Faults that hit somebody, by their kind.</summary>
    public IReadOnlyDictionary<FaultKind, int> Done => _done;

    /// <summary>Does it, and waits until its victim is back.</summary>
    public async Task DoAsync(Fault fault)
    {
        Console.Error.WriteLine(
            $"{fault.At.TotalSeconds, 6:0.0} s {fault.Kind}, {fault.For.TotalSeconds:0.0} s"
        );
        var worker = rig.Workers[fault.Pick % rig.Workers.Count];
        var hit = fault.Kind switch
        {
            FaultKind.TrainerKilled => await KillTrainerAsync(fault.Pick),
            FaultKind.WorkerKilled => await worker.EndAsync("KILL", fault.For),
            FaultKind.WorkerStopped => await worker.HoldAsync(_ => [], fault.For),
            FaultKind.WorkerDrained => await worker.EndAsync("TERM", fault.For),
            FaultKind.SiloKilled => await rig.Silo.EndAsync("KILL", fault.For),
            FaultKind.SiloStopped => await rig.Silo.HoldAsync(_ => [], fault.For),
            FaultKind.DashboardKilled => await rig.Dashboard.EndAsync("KILL", fault.For),
            FaultKind.DatabaseStopped => await rig.Postgres.EndAsync("QUIT", fault.For),
            FaultKind.DatabaseHung => await rig.Postgres.HoldAsync(Processes.ChildrenOf, fault.For),
            FaultKind.SessionKilled => await KillSessionAsync(),
            FaultKind.CutBeforeCommit => await CutAsync(afterCommit: false),
            FaultKind.CutAfterCommit => await CutAsync(afterCommit: true),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault.Kind, "no such fault"),
        };
        if (hit)
        {
            _done.AddOrUpdate(fault.Kind, 1, (_, times) => times + 1);
        }
    }

    private async Task<bool> KillTrainerAsync(int pick)
    {
        // There may be none at this moment: between two trials, or in an outage.
        for (var turn = 0; turn < 50; turn++)
        {
            var trainers = Processes.AllWith(rig.Scratch, "Harness.Training.dll").ToList();
            if (trainers.Count > 0)
            {
                Processes.Signal(trainers[pick % trainers.Count], pick % 3 == 0 ? "SEGV" : "KILL");
                return true;
            }

            await Task.Delay(100);
        }

        return false;
    }

    private async Task<bool> KillSessionAsync()
    {
        try
        {
            await using var command = rig.Database.CreateCommand(
                "select pid from pg_stat_activity where usename = 'harness_silo' order by random() limit 1"
            );
            if (await command.ExecuteScalarAsync() is not int session)
            {
                return false;
            }

            Processes.Signal(session, "KILL");
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // it is away by another fault
        }
    }

    private async Task<bool> CutAsync(bool afterCommit)
    {
        var before = rig.Proxy.Cuts;
        rig.Proxy.Arm(afterCommit);
        for (var turn = 0; turn < 100 && rig.Proxy.Cuts == before; turn++)
        {
            await Task.Delay(100);
        }

        return rig.Proxy.Cuts > before;
    }
}

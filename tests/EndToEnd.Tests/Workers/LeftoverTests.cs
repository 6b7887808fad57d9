using System.Diagnostics;
using Harness.Domain;
using Harness.Worker.Attempts;

namespace Harness.EndToEnd.Tests.Workers;

/// <summary>R10: no trainer outlives its worker for long.</summary>
public sealed class LeftoverTests : WorkerTest
{
    [Fact]
    public async Task R10_a_trainer_that_ignored_the_death_of_its_worker_is_ended_by_the_next_one()
    {
        var file = Path.Combine(Scratch, "processes");
        // Neither reads its lifeline nor heeds a signal that can be ignored; its child is of its group.
        var worker = Start(
            $"""
            trap '' TERM HUP
            sleep 1000 &
            echo $$ $! > {file}
            points 0 1
            hang
            """
        );
        Silo.Give(1);
        await worker.UntilAsync(() => !Silo.Data.IsEmpty, "no points");
        var processes = (await File.ReadAllTextAsync(file, Cancellation))
            .Split(' ')
            .Select(int.Parse)
            .ToList();
        await worker.KillAsync();
        processes.ShouldAllBe(process => ProcessRecord.Of(process) != null);

        var next = Start("hang");
        await next.UntilAsync(() => Silo.Joins.Count == 2, "it did not join");

        processes.ShouldAllBe(process => ProcessRecord.Of(process) == null);
        next.Said.ShouldContain("a worker that died left a trainer");
        next.Said.ShouldContain($"{processes[0]}");
        Directory.GetDirectories(Path.Combine(Scratch, "w"), "attempt-*").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_process_that_was_given_the_number_of_a_dead_trainer_is_left_alone()
    {
        // Leads a group of its own, as a trainer does.
        using var other = Process.Start("setsid", ["sleep", "1000"]);
        try
        {
            await Runs.Eventually.IsAsync(
                () => Task.FromResult(ProcessFacts.Group(other.Id) == other.Id),
                TimeSpan.FromSeconds(30),
                () => "setsid did not come"
            );
            var record = ProcessRecord.Of(other.Id)!;
            foreach (
                var (name, said) in new[]
                {
                    ("attempt-1", $"{record.Id} {record.Started - 1} {record.Boot}\n"),
                    ("attempt-2", $"{record.Id} {record.Started} another-boot\n"),
                    ("attempt-3", $"{record.Id} {record.Started}"),
                    ("standby-1", ""),
                }
            )
            {
                var folder = Directory.CreateDirectory(Path.Combine(Scratch, "w", name)).FullName;
                await File.WriteAllTextAsync(Path.Combine(folder, "process"), said, Cancellation);
            }

            var worker = Start("hang");
            await worker.UntilAsync(() => Silo.Joins.Count == 1, "it did not join");

            ProcessRecord.Of(other.Id).ShouldBe(record);
            Directory.GetDirectories(Path.Combine(Scratch, "w"), "*-?").ShouldBeEmpty();
        }
        finally
        {
            other.Kill();
        }
    }

    [Fact]
    public async Task Two_workers_do_not_share_a_folder()
    {
        var worker = Start("hang");
        Silo.Give(1);
        await worker.UntilAsync(() => !Silo.Syncs.IsEmpty, "it did not join");
        var second = Start("hang");

        (await second.EndAsync()).ShouldBe(HarnessException.Infrastructure, second.Said);
        second.Said.ShouldContain("give each worker a HARNESS_SCRATCH of its own");
        second.Said.ShouldNotContain("   at ");
        Silo.Joins.Count.ShouldBe(1);
    }
}

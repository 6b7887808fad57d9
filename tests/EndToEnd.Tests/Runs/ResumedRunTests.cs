using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Storage;
using Harness.EndToEnd.Tests.Workers;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>
/// R6: a trial whose workers are killed at random moments goes on, each time on a host of its own with nothing in common
/// but the silo, and ends with the bits of one that nothing stopped.
/// </summary>
[Collection(WholeRuns.Name)]
public sealed class ResumedRunTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const int Every = 200; // steps
    private const int Steps = 1_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(5); // of the whole trial

    private readonly string _folder = Directory.CreateTempSubdirectory("harness-resume-").FullName;
    private readonly List<WorkerProcess> _workers = [];
    private TestDatabase _db = null!;
    private SiloProcess? _silo;

    public async ValueTask InitializeAsync() => _db = await postgres.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        await _db.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public Task A_trial_goes_on_after_a_kill_before_and_one_after_its_first_checkpoint() =>
        KillAsync("gru", kills: 2);

    [Theory(Explicit = true)]
    [InlineData("rnn")]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("transformer")]
    public Task Five_kills_change_no_bit(string model) => KillAsync(model, kills: 5);

    private async Task KillAsync(string model, int kills)
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var trial = await SubmitAsync(model);
        _silo = await SiloProcess.StartAsync(_db, Path.Combine(_folder, "checkpoints"));
        for (var kill = 1; kill <= kills; kill++)
        {
            var worker = Start(kill);
            await worker.UntilAsync(() => Trains(kill) || Ended(), $"no attempt {kill}");
            if (kill > 1)
            {
                var before = Kept();
                await worker.UntilAsync(() => Kept() > before || Ended(), "no checkpoint is kept");
            }

            await Task.Delay(
                random.Next(50, kill == 1 ? 450 : 1_000),
                TestContext.Current.CancellationToken
            );
            Ended().ShouldBeFalse($"it ended before kill {kill}: make it longer");
            await worker.KillAsync();
            if (kill == 1)
            {
                Kept().ShouldBe(0, "the first kill comes before the first checkpoint");
            }
        }

        var last = Start(kills + 1);
        await Eventually.IsAsync(
            () => Task.FromResult(Ended()),
            Deadline,
            () => $"it does not end; the worker said:\n{last.Said}\nthe silo said:\n{_silo.Said}"
        );

        await CompareAsync(trial, kills);
        (await new Control(_db).ViolationsAsync()).ShouldBeEmpty();
    }

    private async Task CompareAsync(TrialSpec trial, int kills)
    {
        var whole = await WithoutStopAsync(trial);
        var result = whole.OfType<TrainerResult>().Single();
        (await _db.ScalarAsync<string>("select state from trial")).ShouldBe("succeeded");
        (await _db.ScalarAsync<int>("select attempts from trial")).ShouldBeGreaterThan(kills);
        (await _db.ListAsync<int?>("select resumed_step from attempt order by number"))
            .Select(step => step ?? 0)
            .ToList()
            .ShouldSatisfyAllConditions(
                steps => steps.Take(2).ShouldBe([0, 0]),
                steps => steps[^1].ShouldBeGreaterThan(0),
                steps => steps.Order().ShouldBe(steps)
            );
        (await _db.ScalarAsync<string>("select parameter_hash from result")).ShouldBe(
            result.ParameterHash.ShouldNotBeNull()
        );
        foreach (var metric in new[] { "loss", "accuracy", "exact_match", "loss_drift" })
        {
            (
                await _db.ScalarAsync<double>(
                    "select (metrics ->> $1)::double precision from result",
                    metric
                )
            ).ShouldBe(result.Metrics[metric], metric);
        }

        foreach (var curve in new[] { "train_loss", "gradient_norm" })
        {
            (
                await _db.ListAsync<double>(
                    "select value from v1_metrics where metric = $1 order by step",
                    curve
                )
            ).ShouldBe(
                whole
                    .OfType<TrainerPoints>()
                    .Where(points => points.Metric == curve)
                    .SelectMany(points => points.Values),
                curve
            );
        }
    }

    private async Task<TrialSpec> SubmitAsync(string model)
    {
        var spec = SweepFile
            .Parse(
                $$"""
                version: 1
                name: resumed
                parameters:
                  model: {value: {{model}}}
                  task: {value: copy-memory}
                  width: {value: 64}
                  lag: {value: 60}
                seeds: 1
                budget: {steps: {{Steps}}}
                retry: {max_crashes: 50}
                checkpoint: {every: {{Every}}}
                """
            )
            .Spec!;
        var trial = SweepExpansion.Trials(spec).ShouldHaveSingleItem();
        await new Control(_db).SubmitAsync(
            SomeTrials.Sweep("resumed", [trial], maxCrashes: spec.MaxCrashes)
        );
        return trial;
    }

    private WorkerProcess Start(int number)
    {
        var worker = WorkerProcess.Start(
            _silo!.Url,
            Directory.CreateDirectory(Path.Combine(_folder, $"host-{number}")).FullName,
            HarnessScript.Program("Training"),
            ("HARNESS_HOST_ID", $"host-{number}"),
            ("HARNESS_SLOTS", "1"),
            ("HARNESS_STANDBY", "off")
        );
        _workers.Add(worker);
        return worker;
    }

    private async Task<List<TrainerEvent>> WithoutStopAsync(TrialSpec trial)
    {
        var request = Path.Combine(_folder, "trial.json");
        await File.WriteAllTextAsync(
            request,
            JsonSerializer.Serialize(
                new TrainerRequest { Trial = trial },
                DomainJson.Default.TrainerRequest
            ),
            Control.Cancellation
        );
        using var trainer = Process.Start(
            new ProcessStartInfo(
                "bash",
                ["-c", "exec dotnet \"$0\" < \"$1\"", HarnessScript.Program("Training"), request]
            )
            {
                RedirectStandardOutput = true,
            }
        )!;
        var output = await trainer.StandardOutput.ReadToEndAsync(Control.Cancellation);
        return
        [
            .. output
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent)!),
        ];
    }

    private bool Trains(int number) =>
        HarnessScript
            .ProcessesOf(Path.Combine(_folder, $"host-{number}"))
            .Any(process =>
                process.CommandLine.Contains("Harness.Training.dll", StringComparison.Ordinal)
            );

    private int Kept() => _db.ScalarAsync<int?>("select max(step) from checkpoint").Result ?? 0;

    private bool Ended() =>
        _db.ScalarAsync<bool>(
            "select exists (select from trial where ended_at is not null)"
        ).Result;
}

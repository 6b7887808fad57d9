using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Runs;
using Microsoft.AspNetCore.Http;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>Telemetry is no reason to fail: collectors that are away, hang or refuse.</summary>
[Collection(WholeRuns.Name)]
public sealed class CollectorAwayTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    // What a trainer may take from its result to its end, on a machine that is busy with other tests.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(6);

    [Fact]
    public async Task A_sweep_succeeds_when_nobody_listens_at_the_endpoint()
    {
        TracedRun.Require();
        await using var harness = new HarnessScript();
        harness.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = ClosedPort();
        harness.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        await SucceedsAsync(harness);
    }

    [Fact(Explicit = true)] // a minute: ./dev runs
    public async Task A_sweep_succeeds_when_the_collector_never_answers()
    {
        await using var receiver = await OtlpReceiver.StartAsync(OtlpReceiver.HangAsync);
        await using var harness = new HarnessScript();
        harness.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Endpoint;
        harness.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";

        await SucceedsAsync(harness);

        receiver.Tokens.ShouldNotBeEmpty("it was asked");
        // Ten seconds a program, one after another.
        await Eventually.IsAsync(
            () => Task.FromResult(harness.Processes().Count == 0),
            TimeSpan.FromSeconds(90),
            () => "the programs stop although nobody takes their last words"
        );
    }

    [Theory]
    [InlineData("away")]
    [InlineData("hangs")]
    [InlineData("refuses")]
    public async Task A_trainer_ends_soon_after_its_result_whatever_its_collector_does(string how)
    {
        await using var receiver = how switch
        {
            "away" => null,
            "hangs" => await OtlpReceiver.StartAsync(OtlpReceiver.HangAsync),
            _ => await OtlpReceiver.StartAsync(
                (http, _) =>
                {
                    http.Response.StatusCode = StatusCodes.Status500InternalServerError;
                    return Task.CompletedTask;
                }
            ),
        };
        using var trainer = StartTrainer(receiver?.Endpoint ?? ClosedPort());

        TrainerEvent? last = null;
        while (
            last is not (TrainerResult or TrainerFailure)
            && await trainer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                is { } line
        )
        {
            last = JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent);
        }

        using var patience = new CancellationTokenSource(LongestEnd);
        await Should.NotThrowAsync(
            () => trainer.WaitForExitAsync(patience.Token),
            $"the trainer ends within {LongestEnd} of its result"
        );
        last.ShouldBeOfType<TrainerResult>().Outcome.ShouldBe(TrialOutcome.Ok);
        trainer.ExitCode.ShouldBe(0);
        if (receiver is not null)
        {
            receiver.Tokens.ShouldNotBeEmpty("it was asked");
        }
    }

    private static async Task SucceedsAsync(HarnessScript harness)
    {
        var spec = await harness.WriteSweepAsync(TracedRun.Sweep);
        var run = await harness.RunAsync(Patience, "run", spec, "--workers", "1", "--json");

        run.ExitCode.ShouldBe(0, run.Messages);
        var trials = run.Json().GetProperty("trials").EnumerateArray().ToList();
        trials.Count.ShouldBe(2);
        trials.ShouldAllBe(trial =>
            trial.GetProperty("state").GetString() == "succeeded"
            && trial.GetProperty("attempts").GetInt32() == 1
        );
    }

    private static Process StartTrainer(string endpoint)
    {
        var start = new ProcessStartInfo("dotnet", [HarnessScript.Program("Training")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
        start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        var trainer = Process.Start(start)!;
        var trial = SweepExpansion.Trials(SweepFile.Parse(TracedRun.Sweep).Spec!)[0];
        // Its input stays open: an end of it would stop the trainer.
        trainer.StandardInput.WriteLine(
            JsonSerializer.Serialize(
                new TrainerRequest { Trial = trial },
                DomainJson.Default.TrainerRequest
            )
        );
        trainer.StandardInput.Flush();
        return trainer;
    }

    private static string ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://{listener.LocalEndpoint}";
    }
}

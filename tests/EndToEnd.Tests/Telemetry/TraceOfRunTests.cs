using System.Text.Json;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>What a collector hears of one sweep, from its submit to its trainers.</summary>
[Collection(WholeRuns.Name)]
public sealed class TraceOfRunTests : IDisposable
{
    private readonly TracedRun _run;
    private readonly ITestOutputHelper _output;
    private readonly IReadOnlyList<ReceivedSpan> _spans;

    public TraceOfRunTests(TracedRun run, ITestOutputHelper output)
    {
        TracedRun.Require();
        (_run, _output) = (run, output);
        _spans = [.. run.Received.Spans];
    }

    // All of it, where a test has failed.
    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
        {
            foreach (var span in _spans.OrderBy(span => span.Trace).ThenBy(span => span.Start))
            {
                _output.WriteLine(span.ToString());
            }
        }
    }

    [Fact]
    public void One_sweep_gives_one_connected_trace_per_trial_from_submit_to_the_trainer()
    {
        _run.Trials.Count.ShouldBe(2);
        var submit = _spans.Single(span => span.Name == "sweep submit");
        foreach (var trial in _run.Trials.Select(Id))
        {
            var root = _spans.Where(span => Is(span, "trial", trial)).ShouldHaveSingleItem();
            root.Parent.ShouldBe("", "the trial begins a trace of its own");
            root.Links.ShouldBe([(submit.Trace, submit.Id)], "and links to the submit");

            // From the trainer up: each span's parent is the next one.
            var train = _spans
                .Where(span => span.Name == "train" && span.Trace == root.Trace)
                .ShouldHaveSingleItem();
            Way(train)
                .Select(span => (span.Service, span.Name))
                .ShouldBe([
                    ("harness-trainer", "train"),
                    ("harness-worker", "attempt"),
                    ("harness-silo", "attempt 1"),
                    ("harness-silo", "trial"),
                ]);
            Way(train)[1].Attributes["harness.trial"].ShouldBe(trial);
            Way(train)[2].Attributes["harness.trial"].ShouldBe(trial);
            _spans
                .Where(span => span.Trace == root.Trace)
                .Select(span => $"{span.Service[8..]}: {span.Name}")
                .ShouldBe(
                    [
                        "silo: trial",
                        "silo: attempt 1",
                        "silo: lease",
                        "worker: attempt",
                        "worker: spawn",
                        "trainer: train",
                        "trainer: probe",
                        "trainer: probe",
                        "trainer: evaluate",
                        "silo: record result",
                    ],
                    ignoreOrder: true
                );
        }
    }

    [Fact]
    public void The_submit_goes_from_the_request_through_the_dashboard_to_the_silo_and_the_database()
    {
        var submit = _spans.Single(span => span.Name == "sweep submit");
        var way = Way(submit);
        way[^1].Service.ShouldBe("harness-dashboard");
        way[^1].Name.ShouldBe("POST /api/v1/sweeps/");
        var trace = _spans.Where(span => span.Trace == submit.Trace).ToList();
        trace.ShouldContain(span =>
            span.Scope == "Npgsql" && Way(span).Contains(submit) && span.Service == "harness-silo"
        );
        foreach (var service in new[] { "harness-dashboard", "harness-silo" })
        {
            trace.ShouldContain(
                span => span.Scope == "Microsoft.Orleans.Application" && span.Service == service,
                $"the grain's call as {service} sees it"
            );
        }
    }

    [Fact]
    public void Every_span_hangs_below_a_root_and_only_requests_and_trials_are_roots()
    {
        var ids = _spans.Select(span => (span.Trace, span.Id)).ToHashSet();
        ids.Count.ShouldBe(_spans.Count, "no span arrives twice");
        _spans
            .Where(span => span.Parent != "" && !ids.Contains((span.Trace, span.Parent)))
            .ShouldBeEmpty("the parent of these was lost");
        _spans
            .Where(span => span.Parent == "")
            .Select(span => span.Name)
            .Distinct()
            .ShouldBe(["trial", "POST /api/v1/sweeps/"], ignoreOrder: true);
    }

    [Fact]
    public void Each_program_says_who_it_is()
    {
        var resources = _spans
            .Select(span => span.Resource)
            .DistinctBy(resource => resource["process.pid"])
            .ToList();
        resources
            .Select(resource => resource["service.name"])
            .ShouldBe(
                [
                    "harness-dashboard",
                    "harness-silo",
                    "harness-worker",
                    "harness-trainer",
                    "harness-trainer",
                ],
                ignoreOrder: true
            );
        foreach (var resource in resources)
        {
            resource["service.namespace"].ShouldBe("harness");
            resource["service.version"].ShouldStartWith("0.");
            resource["host.name"].ShouldBe(Environment.MachineName);
            resource["deployment.environment.name"].ShouldBe("tests");
        }

        resources
            .Select(resource => resource["service.instance.id"])
            .Distinct()
            .Count()
            .ShouldBe(resources.Count);
    }

    [Fact]
    public void Each_message_of_a_log_arrives_once_and_the_silo_keeps_to_its_own()
    {
        _run.Received.Logs.ShouldNotBeEmpty();
        _run.Received.Logs.Distinct().Count().ShouldBe(_run.Received.Logs.Count);
        _run.SiloLog.ShouldContain("Dispatching in epoch");
        _run.SiloLog.ShouldNotContain("Polly");
    }

    [Fact]
    public void The_collector_hears_no_secret_and_trainers_do_not_know_its_token()
    {
        _run.Secrets.ShouldNotBeEmpty();
        var heard = _spans
            .SelectMany(span => span.Attributes.Values.Concat(span.Resource.Values))
            .Concat(
                _run.Received.Metrics.SelectMany(metric =>
                    metric.Points.SelectMany(point => point.Attributes.Values)
                )
            )
            .Concat(_run.Received.Logs.Select(log => log.Body))
            .ToHashSet();
        _run.Secrets.Where(secret => heard.Any(text => text.Contains(secret))).ShouldBeEmpty();

        _run.TrainerEnvironment.ShouldContain(
            $"OTEL_EXPORTER_OTLP_ENDPOINT={_run.Received.Endpoint}"
        );
        _run.TrainerEnvironment.ShouldNotContain(TracedRun.CollectorToken);
        _run.Received.Tokens.ShouldContain(
            $"Bearer {TracedRun.CollectorToken}",
            "the hosts show it"
        );
    }

    [Fact]
    public void Nothing_is_sent_that_a_collector_cannot_read() =>
        _run.Received.Faults.ShouldBeEmpty();

    private static string Id(JsonElement trial) => trial.GetProperty("trial").GetString()!;

    private static bool Is(ReceivedSpan span, string name, string trial) =>
        span.Name == name && span.Attributes.GetValueOrDefault("harness.trial") == trial;

    // A span and its ancestors, the root last.
    private List<ReceivedSpan> Way(ReceivedSpan span)
    {
        var way = new List<ReceivedSpan> { span };
        while (
            _spans.FirstOrDefault(other => other.Trace == span.Trace && other.Id == way[^1].Parent)
                is { } parent
        )
        {
            way.Add(parent);
        }

        return way;
    }
}

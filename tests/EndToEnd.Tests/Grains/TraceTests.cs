using System.Collections.Concurrent;
using System.Diagnostics;
using Harness.EndToEnd.Tests.Storage;
using Harness.Grains.Sweeps;

namespace Harness.EndToEnd.Tests.Grains;

/// <summary>One trace a trial, which links to the submit and goes on in the worker.</summary>
public sealed class TraceTests(PostgresFixture postgres)
{
    [Fact]
    public async Task All_attempts_of_a_trial_are_in_one_trace_that_links_to_the_submit()
    {
        var ended = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Harness.Grains",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Add,
        };
        ActivitySource.AddActivityListener(listener);
        const string Submit = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        await using var db = await postgres.CreateAsync();
        await using var cluster = await TestCluster.StartAsync(db.Silo);
        var worker = new TestWorker(cluster, "traced");
        await worker.JoinAsync();
        await cluster
            .Grains.GetGrain<ISweepGrain>("traced")
            .SubmitAsync(
                new SweepSubmission
                {
                    Name = "traced",
                    Source = "",
                    Resolved = "{}",
                    SubmittedBy = "test",
                    Trials = [SomeTrials.Trial(1)],
                    Priority = 0,
                    MaxConcurrentTrials = 1,
                    MaxCrashes = 5,
                    MaxRetries = 0,
                    TraceParent = Submit,
                }
            );
        await worker.SyncAsync();
        var first = worker.Running[0];
        worker.End(SomeTrials.Failed(first.TrialId, first.Token, Domain.Trials.FailureKind.Crash));
        while (worker.Running.Count == 0)
        {
            await worker.SyncAsync();
        }

        var second = worker.Running[0];
        worker.End(SomeTrials.Completed(second.TrialId, second.Token));
        await worker.SyncAsync();

        var submit = ended.Single(span =>
            span.OperationName == "sweep submit" && span.ParentId == Submit
        );
        var root = ended.Single(span =>
            span.OperationName == "trial" && span.Links.Any(l => l.Context.SpanId == submit.SpanId)
        );
        root.ParentSpanId.ShouldBe(default);
        var trace = ended.Where(span => span.TraceId == root.TraceId).ToList();
        trace
            .Select(span => span.OperationName)
            .ShouldBe(
                [
                    "trial",
                    "attempt 1",
                    "lease",
                    "record result",
                    "attempt 2",
                    "lease",
                    "record result",
                ],
                ignoreOrder: true
            );
        // Every span but the root has its parent in the trace, and the workers' spans will too.
        trace
            .Where(span => span != root)
            .ShouldAllBe(span => trace.Any(parent => parent.SpanId == span.ParentSpanId));
        foreach (var (lease, name) in new[] { (first, "attempt 1"), (second, "attempt 2") })
        {
            ActivityContext.TryParse(lease.TraceParent, null, out var context).ShouldBeTrue();
            context.ShouldBe(trace.Single(span => span.OperationName == name).Context);
        }
    }
}

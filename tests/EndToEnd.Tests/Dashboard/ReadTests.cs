using System.Net;
using System.Text.Json;
using Harness.Domain;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed class ReadTests(PostgresFixture postgres) : IAsyncLifetime
{
    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(_server.Database, SampleSweep.Of(15));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_sweep_comes_with_its_trials_and_their_accuracy()
    {
        var sweep = await _server.GetAsync("/api/v1/sweeps/last", DomainJson.Default.SweepDetail);

        sweep.Trials.Count.ShouldBe(24);
        sweep.States.ShouldContainKeyAndValue("succeeded", 14);
        sweep.States.ShouldContainKeyAndValue("quarantined", 1);
        sweep.Accuracy.ShouldContain(row => row.Axis == "length" && row.Value == 100);
        sweep.Trials.ShouldContain(trial => trial.Accuracy != null && trial.PeakMemoryBytes > 0);
    }

    [Fact]
    public async Task A_trial_that_waits_says_why_to_programs_and_on_its_page()
    {
        var waiting = (
            await _server.GetAsync(
                "/api/v1/trials?sweep=S-1&state=pending",
                DomainJson.Default.PageTrialRow
            )
        )
            .Items[0]
            .Trial;

        var why = await _server.GetAsync(
            $"/api/v1/trials/{waiting}/explain",
            DomainJson.Default.TrialExplanation
        );
        why.Because.ShouldBe(["No worker is here."]);
        var page = await _server.Admin.GetStringAsync($"/trials/{waiting}", Cancellation);
        page.ShouldContain("Why it waits");
        page.ShouldContain("<strong>worker-1</strong> on a-host is too small.");
        (await _server.Admin.GetStringAsync("/trials/T-1", Cancellation)).ShouldNotContain(
            "Why it waits"
        );
    }

    [Fact]
    public async Task The_summary_is_the_same_without_the_trials()
    {
        var summary = await _server.GetAsync(
            "/api/v1/sweeps/S-1/summary",
            DomainJson.Default.SweepSummary
        );
        summary.TrialCount.ShouldBe(24);
        summary.Name.ShouldBe("quickstart");
    }

    [Fact]
    public async Task Pages_of_trials_join_without_gap_or_repeat()
    {
        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = await _server.GetAsync(
                $"/api/v1/trials?sweep=S-1&limit=7{(after is null ? "" : $"&after={after}")}",
                DomainJson.Default.PageTrialRow
            );
            page.Total.ShouldBe(24);
            page.Items.Count.ShouldBeLessThanOrEqualTo(7);
            seen.AddRange(page.Items.Select(trial => trial.Trial));
            after = page.Next;
        } while (after is not null);

        seen.Count.ShouldBe(24);
        seen.Distinct().Count().ShouldBe(24);
    }

    [Fact]
    public async Task Trials_are_filtered_by_state_model_and_task()
    {
        var page = await _server.GetAsync(
            "/api/v1/trials?state=succeeded&model=gru&task=parity",
            DomainJson.Default.PageTrialRow
        );
        page.Items.ShouldNotBeEmpty();
        page.Items.ShouldAllBe(trial => trial.Model == "gru" && trial.Task == "parity");
    }

    [Fact]
    public async Task A_trial_has_its_history_curves_and_log()
    {
        var trial = await _server.GetAsync("/api/v1/trials/T-1", DomainJson.Default.TrialDetail);
        trial.Events.ShouldContain(entry => entry.Kind == "completed");
        trial.Curves.ShouldContain(curve => curve.Name == "train_loss" && curve.At.Count == 60);
        (await _server.Admin.GetStringAsync("/api/v1/trials/T-1/log", Cancellation)).ShouldContain(
            "trained rnn on copy-memory\n"
        );
    }

    [Fact]
    public async Task Workers_are_listed()
    {
        var workers = await _server.GetAsync(
            "/api/v1/workers",
            DomainJson.Default.IReadOnlyListWorkerRow
        );
        workers.Select(worker => worker.Worker).ShouldBe(["w-1", "w-2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_limit_is_capped_and_nonsense_refused()
    {
        var page = await _server.GetAsync(
            "/api/v1/trials?limit=1000000000",
            DomainJson.Default.PageTrialRow
        );
        page.Items.Count.ShouldBeLessThanOrEqualTo(500);
        foreach (var query in new[] { "limit=0", "limit=-1", "limit=ten", "after=x", "state=done" })
        {
            using var answer = await _server.Admin.GetAsync(
                $"/api/v1/trials?{query}",
                Cancellation
            );
            ((int)answer.StatusCode).ShouldBeInRange(400, 422, query);
            await DashboardServer.ProblemAsync(answer, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/api/v1/sweeps/S-77")]
    [InlineData("/api/v1/sweeps/S-77/summary")]
    [InlineData("/api/v1/sweeps/S-77/events")]
    [InlineData("/api/v1/sweeps/S-77/report.html")]
    [InlineData("/api/v1/trials/T-777")]
    [InlineData("/api/v1/trials/T-777/log")]
    [InlineData("/api/v1/trials/T-777/explain")]
    [InlineData("/api/v1/claims/none")]
    [InlineData("/api/v1/export/secrets")]
    [InlineData("/api/v1/export/trials?sweep=S-77")]
    [InlineData("/api/v1/nothing")]
    public async Task What_is_not_there_is_a_404_problem(string path)
    {
        using var answer = await _server.Admin.GetAsync(path, Cancellation);
        await DashboardServer.ProblemAsync(answer, HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/api/v1/sweeps/nonsense")]
    [InlineData("/api/v1/sweeps/T-1")]
    [InlineData("/api/v1/sweeps/99999999999999999999")]
    [InlineData("/api/v1/sweeps/-1/summary")]
    [InlineData("/api/v1/sweeps/S-1;drop/events")]
    [InlineData("/api/v1/trials?sweep=S-")]
    [InlineData("/api/v1/trials/x")]
    [InlineData("/api/v1/trials/S-1/log")]
    [InlineData("/api/v1/export/trials?sweep=nonsense")]
    public async Task What_is_no_id_at_all_is_a_400_that_says_how_one_is_written(string path)
    {
        using var answer = await _server.Admin.GetAsync(path, Cancellation);
        var problem = await DashboardServer.ProblemAsync(answer, HttpStatusCode.BadRequest);
        problem.Type.ShouldBe("/problems/id-malformed");
        problem.Detail!.ShouldContain("write ");
    }

    [Fact]
    public async Task A_wrong_method_is_a_405_problem()
    {
        using var answer = await _server.Admin.DeleteAsync("/api/v1/sweeps", Cancellation);
        await DashboardServer.ProblemAsync(answer, HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task The_report_in_JSON_has_the_trials_and_a_row_a_cell()
    {
        var report = await _server.GetAsync(
            "/api/v1/sweeps/last/report.json",
            DomainJson.Default.SweepReportDocument
        );
        report.Sweep.Trials.Count.ShouldBe(24);
        report.Summary.Count.ShouldBe(8);
        report.Summary.ShouldContain(row => row.Metric("tokens_per_cpu_second") != null);
    }

    [Fact]
    public async Task The_stream_tells_the_state_and_ends_after_the_last_summary()
    {
        using var stream = await _server.Admin.GetAsync(
            "/api/v1/sweeps/S-1/events",
            HttpCompletionOption.ResponseHeadersRead,
            Cancellation
        );
        stream.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Cancellation));
        (await reader.ReadLineAsync(Cancellation)).ShouldBe("event: summary");
        var first = JsonSerializer.Deserialize(
            (await reader.ReadLineAsync(Cancellation))!["data: ".Length..],
            DomainJson.Default.SweepSummary
        )!;
        first.States.ShouldContainKeyAndValue("succeeded", 14);

        await _server.Database.ExecuteAsync(
            "update sweep set state = 'cancelled', ended_at = clock_timestamp()"
        );
        await _server.Database.ExecuteAsync("select pg_notify('harness_sweep', '1')");
        var rest = await reader.ReadToEndAsync(Cancellation);
        rest.ShouldContain("\"state\":\"cancelled\"");
        rest.TrimEnd().ShouldEndWith("event: end\ndata: {}");
    }

    [Fact]
    public async Task Without_the_database_every_call_says_503()
    {
        await using var alone = await DashboardServer.StartAsync(
            postgres,
            "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1"
        );
        foreach (
            var path in new[]
            {
                "/api/v1/sweeps",
                "/api/v1/workers",
                "/api/v1/export/trials",
                "/health/ready",
            }
        )
        {
            using var answer = await alone.Admin.GetAsync(path, Cancellation);
            await DashboardServer.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        }

        using var page = await alone.Admin.GetAsync("/", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        using var live = await alone.Anyone.GetAsync("/health/live", Cancellation);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}

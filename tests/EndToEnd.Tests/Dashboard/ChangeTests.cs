using System.Net;
using System.Text;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>What people may change of a sweep, through the API and the buttons of its page.</summary>
public sealed class ChangeTests(PostgresFixture postgres) : IAsyncLifetime
{
    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await DashboardServer.StartAsync(postgres);
        (await _server.SubmitAsync()).Dispose();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_sweep_is_paused_and_resumed_and_pausing_twice_is_no_fault()
    {
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var pause = await AskAsync("S-1/pause");
            pause.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            (
                await DashboardServer.BodyAsync(pause, DomainJson.Default.SweepSummary)
            ).State.ShouldBe(SweepState.Paused);
        }

        using var resume = await AskAsync("S-1/resume");
        resume.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await DashboardServer.BodyAsync(resume, DomainJson.Default.SweepSummary)).State.ShouldBe(
            SweepState.Queued
        );
    }

    [Theory]
    [InlineData("queued", "resume", "only one that is paused")]
    [InlineData("running", "resume", "is running")]
    [InlineData("pausing", "resume", "pausing still")]
    [InlineData("completed", "resume", "is completed")]
    [InlineData("completed", "pause", "is completed")]
    [InlineData("cancelling", "pause", "is cancelling")]
    [InlineData("completed", "cancel", "has ended (completed)")]
    [InlineData("completed", "retry", "is completed")]
    [InlineData("cancelled", "retry", "is cancelled")]
    [InlineData("running", "retry", "no such trial")]
    public async Task What_the_state_does_not_allow_is_a_409_with_the_state(
        string state,
        string verb,
        string told
    )
    {
        await StateAsync(state);
        using var answer = await AskAsync($"S-1/{verb}");
        var problem = await DashboardServer.ProblemAsync(answer, HttpStatusCode.Conflict);
        problem.Type.ShouldBe("/problems/state");
        problem.Detail!.ShouldContain(told);
        (await _server.Database.ScalarAsync<string>("select state from sweep")).ShouldBe(state);
    }

    [Theory]
    [InlineData("S-77/pause", HttpStatusCode.NotFound)]
    [InlineData("nonsense/pause", HttpStatusCode.BadRequest)]
    [InlineData("S-1/retry?failed=perhaps", HttpStatusCode.BadRequest)]
    [InlineData("S-1/retry?all=true", HttpStatusCode.BadRequest)]
    [InlineData("S-1/pause?now=true", HttpStatusCode.BadRequest)]
    [InlineData("S-1/stop", HttpStatusCode.MethodNotAllowed)]
    public async Task What_is_not_understood_changes_nothing(string path, HttpStatusCode status)
    {
        using var answer = await AskAsync(path);
        await DashboardServer.ProblemAsync(answer, status);
        (await _server.Database.ScalarAsync<string>("select state from sweep")).ShouldBe("queued");
    }

    [Fact]
    public async Task A_viewer_may_change_nothing()
    {
        using var pause = await _server.Viewer.PostAsync(
            "/api/v1/sweeps/S-1/pause",
            null,
            Cancellation
        );
        await DashboardServer.ProblemAsync(pause, HttpStatusCode.Forbidden);
        using var set = await PatchAsync(_server.Viewer, """{"priority": 1}""", null);
        await DashboardServer.ProblemAsync(set, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Failed_trials_are_tried_again_and_the_answer_says_so()
    {
        var control = new Control(_server.Database);
        await control.StartAsync("w1");
        foreach (
            var trial in await _server.Database.ListAsync<long>("select id from trial order by id")
        )
        {
            var token = (await control.LeaseAsync(trial, "w1"))!.Value;
            await control.CompleteAsync(SomeTrials.Failed(trial, token, FailureKind.Job));
        }

        using var lost = await AskAsync("S-1/retry?lost=true");
        await DashboardServer.ProblemAsync(lost, HttpStatusCode.Conflict);
        using var failed = await AskAsync("S-1/retry?failed=true");

        failed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var summary = await DashboardServer.BodyAsync(failed, DomainJson.Default.SweepSummary);
        summary.State.ShouldBe(SweepState.Running);
        summary.States.ShouldContainKeyAndValue("pending", 4);
        var before = await _server.GetAsync("/api/v1/trials/T-1", DomainJson.Default.TrialDetail);
        before.Again.ShouldNotBeNull();
        var page = await _server.Admin.GetStringAsync("/trials/T-1", Cancellation);
        page.ShouldContain($"href=\"/trials/{before.Again}\"");
        (await _server.Admin.GetStringAsync($"/trials/{before.Again}", Cancellation)).ShouldContain(
            "href=\"/trials/T-1\""
        );
    }

    [Fact]
    public async Task A_change_needs_the_version_that_it_names()
    {
        using var seen = await _server.Admin.GetAsync("/api/v1/sweeps/S-1/summary", Cancellation);
        var tag = seen.Headers.ETag!.Tag;

        using var first = await PatchAsync(
            _server.Admin,
            """{"priority": 3, "max_concurrent_trials": 2}""",
            tag
        );
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        var summary = await DashboardServer.BodyAsync(first, DomainJson.Default.SweepSummary);
        (summary.Priority, summary.MaxConcurrentTrials).ShouldBe((3, 2));
        first.Headers.ETag!.Tag.ShouldNotBe(tag);

        using var stale = await PatchAsync(_server.Admin, """{"priority": 4}""", tag);
        var problem = await DashboardServer.ProblemAsync(stale, HttpStatusCode.PreconditionFailed);
        problem.Type.ShouldBe("/problems/stale");
        problem.Detail!.ShouldContain(first.Headers.ETag.Tag);
        using var whatever = await PatchAsync(_server.Admin, """{"priority": 5}""", "*");
        whatever.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Theory]
    [InlineData("""{"priority": 2147483648}""", "/priority")]
    [InlineData("""{"priority": 1000001}""", "/priority")]
    [InlineData("""{"priority": "high"}""", "/priority")]
    [InlineData("""{"max_concurrent_trials": 0}""", "/max_concurrent_trials")]
    [InlineData("""{"max_concurrent_trials": -1}""", "/max_concurrent_trials")]
    [InlineData("""{"max_concurent_trials": 1}""", "/max_concurent_trials")]
    [InlineData("""{}""", "")]
    [InlineData("null", "")]
    [InlineData("[1]", "")]
    [InlineData("{", "")]
    public async Task A_change_that_makes_no_sense_is_refused_with_its_place(
        string body,
        string path
    )
    {
        using var answer = await PatchAsync(_server.Admin, body, null);
        var problem = await DashboardServer.ProblemAsync(
            answer,
            HttpStatusCode.UnprocessableEntity
        );
        problem.Errors.ShouldHaveSingleItem().Path.ShouldBe(path);
        (
            await _server.Database.ScalarAsync<long>(
                "select count(*) from event where kind = 'set'"
            )
        ).ShouldBe(0);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("W/\"7\"")]
    [InlineData("\"seven\"")]
    public async Task An_If_Match_that_is_no_tag_of_ours_is_refused(string tag)
    {
        using var answer = await PatchAsync(_server.Admin, """{"priority": 1}""", tag);
        await DashboardServer.ProblemAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_sweep_that_has_ended_keeps_its_limits()
    {
        await StateAsync("completed");
        using var answer = await PatchAsync(_server.Admin, """{"priority": 1}""", null);
        (await DashboardServer.ProblemAsync(answer, HttpStatusCode.Conflict)).Detail!.ShouldContain(
            "is completed"
        );
    }

    [Theory]
    [InlineData("queued", "pause,set,cancel")]
    [InlineData("pausing", "set,cancel")]
    [InlineData("paused", "resume,set,cancel")]
    [InlineData("cancelling", "")]
    [InlineData("completed", "")]
    public async Task The_page_offers_what_the_state_allows(string state, string verbs)
    {
        await StateAsync(state);
        var page = await _server.Admin.GetStringAsync("/sweeps/S-1", Cancellation);
        foreach (var verb in new[] { "pause", "resume", "set", "cancel", "retry" })
        {
            page.Contains($"action=\"/sweeps/S-1/{verb}\"", StringComparison.Ordinal)
                .ShouldBe(verbs.Split(',').Contains(verb), verb);
        }
    }

    [Fact]
    public async Task The_buttons_lead_back_to_the_page()
    {
        using var pause = await _server.Admin.PostAsync("/sweeps/S-1/pause", null, Cancellation);
        pause.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        pause.Headers.Location!.ToString().ShouldBe("/sweeps/S-1");
        using var set = await _server.Admin.PostAsync(
            "/sweeps/S-1/set",
            new FormUrlEncodedContent([
                new("version", "3"),
                new("priority", "8"),
                new("max_concurrent_trials", ""),
            ]),
            Cancellation
        );
        set.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        (await _server.Database.ScalarAsync<int>("select priority from sweep")).ShouldBe(8);
        using var stale = await _server.Admin.PostAsync(
            "/sweeps/S-1/set",
            new FormUrlEncodedContent([new("version", "3"), new("priority", "9")]),
            Cancellation
        );
        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await stale.Content.ReadAsStringAsync(Cancellation)).ShouldContain("has changed since");
    }

    private Task<int> StateAsync(string state) =>
        _server.Database.ExecuteAsync(
            "update sweep set state = $1, ended_at = case when $1 like 'c%ed' then clock_timestamp() end",
            state
        );

    private Task<HttpResponseMessage> AskAsync(string path) =>
        _server.Admin.PostAsync($"/api/v1/sweeps/{path}", null, Cancellation);

    private static async Task<HttpResponseMessage> PatchAsync(
        HttpClient client,
        string body,
        string? tag
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/sweeps/S-1")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", tag);
        }

        return await client.SendAsync(request, Cancellation);
    }
}

using System.Net;
using System.Text;
using Harness.Domain;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>Removing and collecting through the API, and submits that name a key.</summary>
public sealed class RetentionTests(PostgresFixture postgres) : IAsyncLifetime
{
    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await DashboardServer.StartAsync(postgres);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_live_sweep_is_refused_and_a_cancelled_one_goes()
    {
        (await _server.SubmitAsync()).Dispose();
        using var live = await _server.Admin.DeleteAsync("/api/v1/sweeps/S-1", Cancellation);
        (await DashboardServer.ProblemAsync(live, HttpStatusCode.Conflict)).Detail!.ShouldContain(
            "S-1 is queued"
        );
        (await _server.Admin.PostAsync("/api/v1/sweeps/S-1/cancel", null, Cancellation)).Dispose();

        using var gone = await _server.Admin.DeleteAsync("/api/v1/sweeps/last", Cancellation);

        gone.StatusCode.ShouldBe(HttpStatusCode.OK);
        var removed = await DashboardServer.BodyAsync(gone, DomainJson.Default.SweepRemoved);
        removed.Sweeps.ShouldBe(["S-1"]);
        removed.Trials.ShouldBe(4);
        using var again = await _server.Admin.DeleteAsync("/api/v1/sweeps/S-1", Cancellation);
        await DashboardServer.ProblemAsync(again, HttpStatusCode.NotFound);
        using var page = await _server.Admin.GetAsync("/sweeps/S-1", Cancellation);
        page.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_sweep_of_a_claims_run_is_refused_with_the_way_out()
    {
        (await _server.SubmitAsync()).Dispose();
        await _server.Database.ExecuteAsync(
            "update sweep set state = 'completed', ended_at = clock_timestamp()"
        );
        await _server.Database.ExecuteAsync(
            "insert into claim_run (claim, profile, file_hash, file, registered_by) values ('order', 'quick', 'h', 'f', 'x')"
        );
        await _server.Database.ExecuteAsync(
            "insert into claim_run_sweep (claim_run, sweep) values (1, 1)"
        );

        using var refused = await _server.Admin.DeleteAsync("/api/v1/sweeps/S-1", Cancellation);
        var problem = await DashboardServer.ProblemAsync(refused, HttpStatusCode.Conflict);
        problem.Type.ShouldBe("/problems/claim-run");
        problem.Detail!.ShouldContain("order (quick)");
        problem.Detail!.ShouldContain("--with-claim");
        using var gone = await _server.Admin.DeleteAsync(
            "/api/v1/sweeps/S-1?with_claim=true",
            Cancellation
        );
        gone.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_button_leads_to_the_sweeps_that_are_left()
    {
        (await _server.SubmitAsync()).Dispose();
        await _server.Database.ExecuteAsync(
            "update sweep set state = 'completed', ended_at = clock_timestamp()"
        );
        (await _server.Admin.GetStringAsync("/sweeps/S-1", Cancellation)).ShouldContain(
            "action=\"/sweeps/S-1/remove\""
        );
        using var gone = await _server.Admin.PostAsync("/sweeps/S-1/remove", null, Cancellation);
        gone.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        gone.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task A_collection_says_what_would_go_and_what_went()
    {
        using var answer = await _server.Admin.PostAsync(
            "/api/v1/gc?dry_run=true&logs=12h",
            null,
            Cancellation
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var report = await DashboardServer.BodyAsync(answer, DomainJson.Default.GarbageReport);
        report.DryRun.ShouldBeTrue();
        report.Kinds.First(row => row.Kind == "logs").AgeSeconds.ShouldBe(12 * 3600);
        report.Kinds.First(row => row.Kind == "events").AgeSeconds.ShouldBe(90 * 86_400);
    }

    [Theory]
    [InlineData("trials=1d")]
    [InlineData("logs=soon")]
    [InlineData("logs=-1d")]
    [InlineData("logs=1h30")]
    [InlineData("dry_run=perhaps")]
    public async Task A_collection_that_is_not_understood_is_refused(string query)
    {
        using var answer = await _server.Admin.PostAsync($"/api/v1/gc?{query}", null, Cancellation);
        await DashboardServer.ProblemAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_viewer_removes_nothing()
    {
        using var gc = await _server.Viewer.PostAsync("/api/v1/gc", null, Cancellation);
        await DashboardServer.ProblemAsync(gc, HttpStatusCode.Forbidden);
        using var rm = await _server.Viewer.DeleteAsync("/api/v1/sweeps/S-1", Cancellation);
        await DashboardServer.ProblemAsync(rm, HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?fresh=true")]
    public async Task The_same_key_and_body_get_the_same_answer(string query)
    {
        using var first = await SubmitAsync("one", query);
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();

        using var second = await SubmitAsync("one", query);

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        second.Headers.Location.ShouldBe(first.Headers.Location);
        (await second.Content.ReadAsStringAsync(Cancellation)).ShouldBe(
            await first.Content.ReadAsStringAsync(Cancellation)
        );
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(1);
        using var other = await SubmitAsync("two", query);
        other.Headers.Contains("Idempotency-Replayed").ShouldBeFalse();
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(
            query.Length > 0 ? 2 : 1
        );
    }

    [Theory]
    [InlineData("?set=seeds=3")]
    [InlineData("?fresh=true")]
    public async Task The_same_key_with_another_body_is_a_409_that_names_the_first(string query)
    {
        (await SubmitAsync("one", "")).Dispose();
        var hash = await _server.Database.ScalarAsync<string>(
            "select body_hash from idempotency_key"
        );

        using var answer = await SubmitAsync("one", query);

        var problem = await DashboardServer.ProblemAsync(answer, HttpStatusCode.Conflict);
        problem.Type.ShouldBe("/problems/idempotency-conflict");
        problem.Detail!.ShouldContain(hash);
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(1);
    }

    [Fact]
    public async Task Equal_submits_at_once_with_one_key_make_one_sweep()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => SubmitAsync("one", "?fresh=true"))
        );
        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers
            .Count(answer => answer.Headers.Contains("Idempotency-Replayed"))
            .ShouldBe(answers.Length - 1);
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    [InlineData(1024)]
    public async Task A_key_that_is_empty_or_too_long_is_refused(int length)
    {
        using var answer = await SubmitAsync(new string('k', length), "");
        var problem = await DashboardServer.ProblemAsync(answer, HttpStatusCode.BadRequest);
        problem.Detail!.ShouldContain("1 to 255");
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(0);
    }

    private async Task<HttpResponseMessage> SubmitAsync(string key, string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sweeps{query}")
        {
            Content = new StringContent(DashboardServer.Spec, Encoding.UTF8, "application/yaml"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await _server.Admin.SendAsync(request, Cancellation);
    }
}

using System.Net;
using Harness.Domain;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed class SubmitTests(PostgresFixture postgres) : IAsyncLifetime
{
    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await DashboardServer.StartAsync(postgres);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_first_submit_makes_the_sweep_and_the_second_finds_it()
    {
        using var first = await _server.SubmitAsync();
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        var reply = await DashboardServer.BodyAsync(first, DomainJson.Default.SubmitReply);
        reply.Trials.ShouldBe(4);
        first.Headers.Location!.ToString().ShouldBe($"/api/v1/sweeps/{reply.Sweep}");

        using var second = await _server.SubmitAsync();
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        var again = await DashboardServer.BodyAsync(second, DomainJson.Default.SubmitReply);
        again.Sweep.ShouldBe(reply.Sweep);
        again.Created.ShouldBeFalse();
    }

    [Fact]
    public async Task Twenty_equal_submits_at_once_make_one_sweep()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => _server.SubmitAsync())
        );

        answers.Count(answer => answer.StatusCode == HttpStatusCode.Created).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.OK).ShouldBe(19);
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(1);
    }

    [Fact]
    public async Task A_dry_run_plans_and_writes_nothing()
    {
        using var answer = await _server.SubmitAsync(query: "?dry_run=true&set=seeds=3");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var reply = await DashboardServer.BodyAsync(answer, DomainJson.Default.SubmitReply);

        reply.Sweep.ShouldBeNull();
        reply.Trials.ShouldBe(6);
        reply.Plan.Count.ShouldBe(6);
        reply.Plan[0].ShouldStartWith("rnn on parity, seed 1");
        reply.Warnings.ShouldHaveSingleItem().ShouldContain("No worker is connected");
        (await _server.Database.ScalarAsync<long>("select count(*) from trial")).ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_says_how_many_trials_are_there_already()
    {
        (await _server.SubmitAsync()).Dispose();
        using var answer = await _server.SubmitAsync(query: "?dry_run=true&set=seeds=3");
        var reply = await DashboardServer.BodyAsync(answer, DomainJson.Default.SubmitReply);
        reply.Reused.ShouldBe(4);
    }

    [Fact]
    public async Task Fresh_measures_the_same_file_anew()
    {
        (await _server.SubmitAsync()).Dispose();
        using var answer = await _server.SubmitAsync(query: "?fresh=true");
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await _server.Database.ScalarAsync<long>("select count(*) from trial")).ShouldBe(8);
    }

    [Fact]
    public async Task Every_fault_of_a_file_comes_back_with_its_place()
    {
        using var answer = await _server.SubmitAsync(
            "version: 1\nname: bad\nparamters:\n  model: {value: gru}\nseeds: -1\n"
        );
        var problem = await DashboardServer.ProblemAsync(
            answer,
            HttpStatusCode.UnprocessableEntity
        );

        problem.Type.ShouldBe("/problems/spec-invalid");
        problem.Errors.ShouldContain(error => error.Line == 3 && error.Suggestion == "parameters");
        problem.Errors.Count.ShouldBeGreaterThan(1);
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(0);
    }

    [Theory]
    [InlineData("?dryrun=true")]
    [InlineData("?dry_run=maybe")]
    [InlineData("?set=width")]
    public async Task A_query_that_is_not_understood_is_refused(string query)
    {
        using var answer = await _server.SubmitAsync(query: query);
        await DashboardServer.ProblemAsync(answer, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Without_a_silo_reading_works_and_changing_says_what_is_missing()
    {
        (await _server.SubmitAsync()).Dispose();
        _server.Cluster.IsConnected = false;

        (
            await _server.GetAsync("/api/v1/sweeps/last", DomainJson.Default.SweepDetail)
        ).Trials.Count.ShouldBe(4);
        using var answer = await _server.Admin.PostAsync(
            "/api/v1/sweeps/last/cancel",
            null,
            Cancellation
        );
        (
            await DashboardServer.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable)
        ).Detail!.ShouldContain("silo");
    }
}

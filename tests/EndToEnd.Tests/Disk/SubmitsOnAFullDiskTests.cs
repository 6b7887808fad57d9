using System.Net;
using Harness.EndToEnd.Tests.Dashboard;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Disk;

/// <summary>People are told: the API by 507 and one sentence, every page by a line above it.</summary>
public sealed class SubmitsOnAFullDiskTests(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly TestDisk _disk = new();
    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _server = await DashboardServer.StartAsync(postgres, disk: _disk.Guard);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_submit_is_507_with_one_sentence_and_a_dry_run_is_answered()
    {
        _disk.RunFull();
        using var submit = await _server.SubmitAsync();
        await IsRefusedAsync(submit);
        using var claims = await _server.Admin.PostAsync(
            "/api/v1/claims/runs",
            new StringContent(
                "{\"claims\": [\"order\"], \"profile\": \"quick\"}",
                null,
                "application/json"
            ),
            Cancellation
        );
        await IsRefusedAsync(claims);
        (await _server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(0);

        using var dry = await _server.SubmitAsync(query: "?dry_run=true");
        dry.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var read = await _server.Admin.GetAsync("/api/v1/sweeps", Cancellation);
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Every_page_says_so_above_its_content()
    {
        _disk.RunFull();
        foreach (var page in new[] { "/", "/claims" })
        {
            var text = await _server.Admin.GetStringAsync(page, Cancellation);
            text.ShouldContain($"role=\"alert\">{TestDisk.Told}");
        }
    }

    [Fact]
    public async Task With_space_nothing_is_said_and_a_submit_is_taken()
    {
        (await _server.Admin.GetStringAsync("/", Cancellation)).ShouldNotContain("role=\"alert\"");
        using var submit = await _server.SubmitAsync();
        submit.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static async Task IsRefusedAsync(HttpResponseMessage answer)
    {
        var problem = await DashboardServer.ProblemAsync(
            answer,
            HttpStatusCode.InsufficientStorage
        );
        (problem.Type, problem.Detail).ShouldBe(("/problems/disk-low", TestDisk.Told));
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }
}

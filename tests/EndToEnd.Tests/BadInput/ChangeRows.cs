using System.Net;
using System.Text;
using Harness.EndToEnd.Tests.Dashboard;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Rows 49 to 51, 54 and 55: keys of a submit, and changes that a sweep's state or version refuses.</summary>
internal static class ChangeRows
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<Row> All =>
        [
            new(49, "a key that comes again with the same body", SameKey),
            new(50, "a key that comes again with another body", OtherBody),
            new(
                51,
                "a key of 1 KiB",
                async bed =>
                {
                    using var answer = await SubmitAsync(bed.Server, new string('k', 1024), "");
                    await ToldAsync(answer, HttpStatusCode.BadRequest, "1 to 255", "has 1024");
                }
            ),
            new(54, "a resume of what runs", ResumeOfRunning),
            new(55, "a change of what has changed meanwhile", Stale),
        ];

    private static async Task SameKey(Bed bed)
    {
        await using var server = await DashboardServer.StartAsync(bed.Postgres);
        using var first = await SubmitAsync(server, "one", "");
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        using var second = await SubmitAsync(server, "one", "");
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Headers.GetValues("Idempotency-Replayed").ShouldBe(["true"]);
        (await second.Content.ReadAsStringAsync(Cancellation)).ShouldBe(
            await first.Content.ReadAsStringAsync(Cancellation)
        );
    }

    private static async Task OtherBody(Bed bed)
    {
        await using var server = await DashboardServer.StartAsync(bed.Postgres);
        (await SubmitAsync(server, "one", "")).Dispose();
        var hash = await server.Database.ScalarAsync<string>(
            "select body_hash from idempotency_key"
        );
        using var answer = await SubmitAsync(server, "one", "?set=seeds=3");
        await ToldAsync(answer, HttpStatusCode.Conflict, hash, "take a new key");
        (await server.Database.ScalarAsync<long>("select count(*) from sweep")).ShouldBe(1);
    }

    private static async Task ResumeOfRunning(Bed bed)
    {
        await using var server = await DashboardServer.StartAsync(bed.Postgres);
        (await server.SubmitAsync()).Dispose();
        await server.Database.ExecuteAsync("update sweep set state = 'running'");
        using var answer = await server.Admin.PostAsync(
            "/api/v1/sweeps/S-1/resume",
            null,
            Cancellation
        );
        await ToldAsync(answer, HttpStatusCode.Conflict, "S-1 is running");
        (await server.Database.ScalarAsync<string>("select state from sweep")).ShouldBe("running");
    }

    private static async Task Stale(Bed bed)
    {
        await using var server = await DashboardServer.StartAsync(bed.Postgres);
        (await server.SubmitAsync()).Dispose();
        using var seen = await server.Admin.GetAsync("/api/v1/sweeps/S-1/summary", Cancellation);
        var tag = seen.Headers.ETag!.Tag;
        using var first = await PatchAsync(server, 3, tag);
        first.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        using var stale = await PatchAsync(server, 4, tag);
        await ToldAsync(
            stale,
            HttpStatusCode.PreconditionFailed,
            first.Headers.ETag!.Tag,
            "Look again"
        );
        (await server.Database.ScalarAsync<int>("select priority from sweep")).ShouldBe(3);
    }

    private static async Task ToldAsync(
        HttpResponseMessage answer,
        HttpStatusCode status,
        params string[] told
    )
    {
        var problem = await DashboardServer.ProblemAsync(answer, status);
        told.ShouldAllBe(words => problem.Detail!.Contains(words, StringComparison.Ordinal));
    }

    private static async Task<HttpResponseMessage> SubmitAsync(
        DashboardServer server,
        string key,
        string query
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sweeps{query}")
        {
            Content = new StringContent(DashboardServer.Spec, Encoding.UTF8, "application/yaml"),
        };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return await server.Admin.SendAsync(request, Cancellation);
    }

    private static async Task<HttpResponseMessage> PatchAsync(
        DashboardServer server,
        int priority,
        string tag
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/api/v1/sweeps/S-1")
        {
            Content = new StringContent(
                $"{{\"priority\": {priority}}}",
                Encoding.UTF8,
                "application/json"
            ),
        };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return await server.Admin.SendAsync(request, Cancellation);
    }
}

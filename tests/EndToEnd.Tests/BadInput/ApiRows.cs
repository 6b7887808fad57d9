using System.Net;
using System.Text;
using Harness.Domain;
using Harness.EndToEnd.Tests.Dashboard;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>Rows 40, 43, 52, 53 and 62: what the API answers beside the fault of a file.</summary>
internal static class ApiRows
{
    private const string Away = "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<Row> All =>
        [
            new(
                40,
                "more memory than any worker has",
                Spec.Plus("resources: [{memory: 100 apples}]")
                    .Told(422, "size", "/resources/0/memory", "9:22", "512MiB"),
                MemoryOfNobody
            ),
            new(
                43,
                "an unknown claim",
                Claims(
                    "{\"claims\": [\"ordre\"], \"profile\": \"quick\"}",
                    404,
                    "claim ordre",
                    "order"
                ),
                Claims(
                    "{\"claims\": [\"order\"], \"profile\": \"qiuck\"}",
                    422,
                    "profile 'qiuck'",
                    "quick"
                ),
                Claims("{\"claims\": \"order\"}", 422, "send one such as", null),
                Claims(
                    "{\"claims\": [null], \"profile\": \"quick\"}",
                    422,
                    "send one such as",
                    null
                ),
                Claims("{", 422, "send one such as", null)
            ),
            new(
                52,
                "an unknown sweep, and what is no id",
                NotThere("/api/v1/sweeps/S-77", "sweep S-77"),
                NotThere("/api/v1/trials/T-77", "trial T-77"),
                NoId("/api/v1/sweeps/nonsense", "'nonsense' is no id of a sweep"),
                NoId("/api/v1/sweeps/99999999999999999999", "is no id of a sweep"),
                NoId("/api/v1/trials/S-7", "'S-7' is no id of a trial")
            ),
            new(53, "a cancel of what has ended", CancelOfEnded),
            new(62, "a database that is down", DatabaseDown),
        ];

    // A worker that has it may join: the sweep is taken, and says why it waits.
    private static async Task MemoryOfNobody(Bed bed)
    {
        await using var server = await DashboardServer.StartAsync(bed.Postgres);
        await new Control(server.Database).StartAsync("w-1");
        using var answer = await server.SubmitAsync(
            Spec.Right.Replace("seeds:", "resources: [{memory: 100TiB}]\nseeds:")
        );
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        var reply = await DashboardServer.BodyAsync(answer, DomainJson.Default.SubmitReply);
        reply
            .Warnings.ShouldHaveSingleItem()
            .ShouldBe(
                "No worker that is here can run 4 of the trials: each takes 1 core, 100 TiB of memory."
            );
    }

    private static Ask Claims(string body, int status, string told, string? suggestion) =>
        async bed =>
        {
            using var answer = await bed.Server.Admin.PostAsync(
                "/api/v1/claims/runs",
                new StringContent(body, Encoding.UTF8, "application/json"),
                Cancellation
            );
            var problem = await DashboardServer.ProblemAsync(answer, (HttpStatusCode)status);
            var fault = problem.Errors.ShouldHaveSingleItem();
            fault.Message.ShouldContain(told);
            fault.Message.ShouldNotContain("System.");
            fault.Suggestion.ShouldBe(suggestion);
        };

    private static Ask NotThere(string path, string what) =>
        async bed =>
        {
            using var answer = await bed.Server.Admin.GetAsync(path, Cancellation);
            (await DashboardServer.ProblemAsync(answer, HttpStatusCode.NotFound)).Detail.ShouldBe(
                $"There is no {what}."
            );
        };

    private static Ask NoId(string path, string told) =>
        async bed =>
        {
            using var answer = await bed.Server.Admin.GetAsync(path, Cancellation);
            var problem = await DashboardServer.ProblemAsync(answer, HttpStatusCode.BadRequest);
            problem.Type.ShouldBe("/problems/id-malformed");
            problem.Detail!.ShouldContain(told);
        };

    private static async Task CancelOfEnded(Bed bed)
    {
        await using var server = await DashboardServer.StartAsync(bed.Postgres);
        (await server.SubmitAsync()).Dispose();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var twice = await server.Admin.PostAsync(
                "/api/v1/sweeps/last/cancel",
                null,
                Cancellation
            );
            twice.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        }

        await server.Database.ExecuteAsync(
            "update sweep set state = 'completed', ended_at = clock_timestamp()"
        );
        using var late = await server.Admin.PostAsync(
            "/api/v1/sweeps/S-1/cancel",
            null,
            Cancellation
        );
        var problem = await DashboardServer.ProblemAsync(late, HttpStatusCode.Conflict);
        problem.Detail!.ShouldContain("S-1 has ended (completed)");
    }

    private static async Task DatabaseDown(Bed bed)
    {
        await using var alone = await DashboardServer.StartAsync(bed.Postgres, Away);
        using var submit = await alone.SubmitAsync(query: "?dry_run=true");
        await UnavailableAsync(submit);
        using var read = await alone.Admin.GetAsync("/api/v1/sweeps", Cancellation);
        await UnavailableAsync(read);
        using var ready = await alone.Anyone.GetAsync("/health/ready", Cancellation);
        await UnavailableAsync(ready);
        using var live = await alone.Anyone.GetAsync("/health/live", Cancellation);
        live.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task UnavailableAsync(HttpResponseMessage answer)
    {
        var problem = await DashboardServer.ProblemAsync(answer, HttpStatusCode.ServiceUnavailable);
        problem.Detail!.ShouldContain("database");
        answer.Headers.RetryAfter.ShouldNotBeNull();
    }
}

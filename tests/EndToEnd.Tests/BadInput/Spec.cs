using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.EndToEnd.Tests.Dashboard;

namespace Harness.EndToEnd.Tests.BadInput;

/// <summary>A sweep file that is sent to the API, and what must come back.</summary>
internal sealed record Spec(byte[] Body)
{
    public const string Right = """
        version: 1
        name: example
        labels: {purpose: demo}
        parameters:
          model: {values: [rnn, transformer]}
          task: {value: parity}
          width: {value: 32}
          learning_rate: {value: 0.003}
        seeds: 2
        probes: [throughput]
        budget: {steps: 30}

        """;

    public string Type { get; init; } = "application/yaml";

    /// <summary>Whether the length is left out, as a stream's is.</summary>
    public bool IsChunked { get; init; }

    public static Spec Raw(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>The right file with one thing changed.</summary>
    public static Spec With(string right, string wrong)
    {
        Right.Split(right).Length.ShouldBe(2, $"'{right}' stands once in the right file");
        return Raw(Right.Replace(right, wrong, StringComparison.Ordinal));
    }

    /// <summary>The right file with a line before the seeds.</summary>
    public static Spec Plus(string line) => With("seeds: 2", $"{line}\nseeds: 2");

    /// <summary>One fault, with its code, path and place; its words hold all that is told.</summary>
    public Ask Told(int status, string code, string path, string place, params string[] told) =>
        async bed =>
        {
            using var answer = await SendAsync(bed.Server, "");
            var problem = await DashboardServer.ProblemAsync(answer, (HttpStatusCode)status);
            var fault = problem.Errors.ShouldHaveSingleItem();
            (fault.Code, fault.Path, $"{fault.Line}:{fault.Column}").ShouldBe((code, path, place));
            problem.Detail.ShouldBe(fault.Message, "one fault is told in the first sentence too");
            told.ShouldAllBe(words => Words(fault).Contains(words, StringComparison.Ordinal));
        };

    /// <summary>A refusal before the file is read: the answer's first sentence holds what is told.</summary>
    public Ask Refused(int status, params string[] told) =>
        async bed =>
        {
            using var answer = await SendAsync(bed.Server, "");
            var problem = await DashboardServer.ProblemAsync(answer, (HttpStatusCode)status);
            told.ShouldAllBe(words => problem.Detail!.Contains(words, StringComparison.Ordinal));
        };

    /// <summary>Faults at these paths, all in one answer.</summary>
    public Ask AllTold(params string[] paths) =>
        async bed =>
        {
            using var answer = await SendAsync(bed.Server, "");
            var problem = await DashboardServer.ProblemAsync(
                answer,
                HttpStatusCode.UnprocessableEntity
            );
            problem.Errors.Select(fault => fault.Path).ShouldBe(paths);
            problem.Detail.ShouldBe(
                $"The sweep file has {paths.Length} faults; nothing was written."
            );
        };

    /// <summary>No fault: a plan of so many trials, with that warning.</summary>
    public Ask Planned(int trials, string? warning = null) =>
        async bed =>
        {
            using var answer = await SendAsync(bed.Server, "?dry_run=true");
            answer.StatusCode.ShouldBe(
                HttpStatusCode.OK,
                await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
            );
            var reply = await DashboardServer.BodyAsync(answer, DomainJson.Default.SubmitReply);
            reply.Trials.ShouldBe(trials);
            if (warning is not null)
            {
                reply.Warnings.ShouldContain(text => text.Contains(warning));
            }
        };

    private async Task<HttpResponseMessage> SendAsync(DashboardServer server, string query)
    {
        using var body = new ByteArrayContent(Body);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(Type);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sweeps{query}")
        {
            Content = body,
        };
        request.Headers.TransferEncodingChunked = IsChunked;
        return await server.Admin.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Words(SpecProblem fault) =>
        $"{fault.Message} allowed: {string.Join(", ", fault.Allowed ?? [])} did you mean '{fault.Suggestion}'?";
}

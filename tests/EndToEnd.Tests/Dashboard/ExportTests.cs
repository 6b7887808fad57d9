using System.Net;
using System.Text;
using System.Text.Json;
using Harness.Dashboard.Export;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed class ExportTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("two, words", "\"two, words\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\nlines", "\"two\nlines\"")]
    [InlineData("", "")]
    public void Fields_are_quoted_as_RFC_4180_says(string text, string field)
    {
        var line = new StringBuilder();
        Csv.Line(line, ["a", text]);
        line.ToString().ShouldBe($"a,{field}\r\n");
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+cmd|' /C calc'!A0")]
    [InlineData("-2+3")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("  =1")]
    public void A_text_that_a_spreadsheet_would_run_is_defused(string text) =>
        Csv.Text(text).ShouldBe("'" + text);

    [Theory]
    [InlineData("gru")]
    [InlineData("a=b")]
    [InlineData("")]
    public void Other_texts_stay_as_they_are(string text) => Csv.Text(text).ShouldBe(text);

    [Fact]
    public async Task A_table_has_a_row_a_trial_with_the_promised_columns_and_numbers_as_they_were_measured()
    {
        await using var server = await DashboardServer.StartAsync(postgres);
        var sample = SampleSweep.Of(15);
        await Seed.SweepAsync(server.Database, sample);
        await server.Database.ExecuteAsync(
            "update trial set reason = '=HYPERLINK(\"x\")' where state = 'quarantined'"
        );

        var text = await server.Admin.GetStringAsync(
            "/api/v1/export/trials?sweep=S-1&format=csv",
            Cancellation
        );
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(25);
        foreach (
            var column in (string[])
                [
                    "sweep",
                    "trial",
                    "model",
                    "task",
                    "seed",
                    "repeat",
                    "parameters",
                    "state",
                    "outcome",
                    "accuracy",
                    "contended",
                ]
        )
        {
            lines[0].Split(',').ShouldContain(column);
        }

        lines[0].ShouldNotContain("_id");
        text.ShouldContain("\"'=HYPERLINK(\"\"x\"\")\"");
        text.ShouldContain(sample.Trials[0].Accuracy!.Value.ToString("R"));
    }

    [Fact]
    public async Task JSON_lines_are_an_object_a_row_with_values_of_their_kind()
    {
        await using var server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(server.Database, SampleSweep.Of(15));

        var lines = (
            await server.Admin.GetStringAsync(
                "/api/v1/export/trials?sweep=S-1&format=jsonl",
                Cancellation
            )
        ).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBe(24);
        using var first = JsonDocument.Parse(lines[0]);
        first.RootElement.GetProperty("trial").GetString().ShouldBe("T-1");
        first.RootElement.GetProperty("parameters").GetProperty("width").GetInt32().ShouldBe(32);
        first.RootElement.GetProperty("accuracy").ValueKind.ShouldBe(JsonValueKind.Number);
        first.RootElement.GetProperty("contended").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("trials")]
    [InlineData("metrics")]
    [InlineData("profiles")]
    [InlineData("attempts")]
    [InlineData("verdicts")]
    [InlineData("accuracy")]
    [InlineData("events")]
    public async Task Every_export_works_in_both_forms_with_and_without_a_sweep(string dataset)
    {
        await using var server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(server.Database, SampleSweep.Of(15));
        foreach (
            var query in (string[])["", "?sweep=S-1", "?format=jsonl", "?sweep=last&format=jsonl"]
        )
        {
            using var answer = await server.Admin.GetAsync(
                $"/api/v1/export/{dataset}{query}",
                Cancellation
            );
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, dataset + query);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            if (dataset != "verdicts")
            {
                text.Split('\n').Length.ShouldBeGreaterThan(3, dataset + query);
            }
        }
    }
}

using System.Net;
using System.Text.RegularExpressions;
using Harness.Dashboard.Assets;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed partial class PageTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Hostile = "<script>alert(1)</script>\"'`=&<img src=x onerror=alert(2)>";

    private DashboardServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Pages() =>
        [
            "/",
            "/sweeps/S-1",
            "/sweeps/S-1?model=gru&task=parity&show=all",
            "/trials/T-1",
            "/trials/T-7",
            "/claims",
        ];

    public async ValueTask InitializeAsync()
    {
        _server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(_server.Database, SampleSweep.Of(15));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_small_whole_and_free_of_inline_style_and_script(string path)
    {
        var html = await PageAsync(path);
        html.ShouldStartWith("<!DOCTYPE html>");
        html.ShouldEndWith("</html>");
        html.Length.ShouldBeLessThan(200_000);
        // The policy forbids them, so a browser would drop them.
        html.ShouldNotContain("style=");
        html.ShouldNotContain("<style");
        InlineScript().IsMatch(html).ShouldBeFalse();
        Handler().IsMatch(html).ShouldBeFalse();
        html.ShouldContain("<main id=\"main\"");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_address_on_a_page_leads_somewhere(string path)
    {
        var html = await PageAsync(path);
        foreach (
            var link in Link()
                .Matches(html)
                .Select(match => WebUtility.HtmlDecode(match.Groups[1].Value))
                .Where(link => link.StartsWith('/'))
                .Distinct()
                .Take(40)
        )
        {
            using var answer = await _server.Admin.GetAsync(
                link,
                HttpCompletionOption.ResponseHeadersRead,
                Cancellation
            );
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, link);
        }
    }

    [Fact]
    public async Task What_people_and_trainers_wrote_is_text_on_every_page_and_in_every_report()
    {
        await _server.Database.ExecuteAsync(
            "update sweep set name = $1, description = $1, source = $1, submitted_by = $1",
            Hostile
        );
        await _server.Database.ExecuteAsync(
            "update trial set model = $1, task = $1, reason = $1",
            Hostile
        );
        await _server.Database.ExecuteAsync("update worker set name = $1", Hostile);
        foreach (
            var path in (string[])
                ["/", "/sweeps/S-1", "/trials/T-7", "/api/v1/sweeps/S-1/report.html"]
        )
        {
            var html = await PageAsync(path);
            html.ShouldContain("&lt;script&gt;", Case.Sensitive, path);
            html.ShouldNotContain("<script>", Case.Sensitive, path);
            html.ShouldNotContain("<img", Case.Sensitive, path);
        }

        var markdown = await PageAsync("/api/v1/sweeps/S-1/report.md");
        markdown.ShouldContain("\\<script\\>");
        markdown.ShouldNotContain("<script>");
    }

    [Fact]
    public async Task A_running_sweep_names_its_stream_and_a_finished_one_does_not()
    {
        (await PageAsync("/sweeps/S-1")).ShouldContain("data-live=\"/api/v1/sweeps/S-1/events\"");
        await _server.Database.ExecuteAsync(
            "update sweep set state = 'completed', ended_at = clock_timestamp()"
        );
        var ended = await PageAsync("/sweeps/S-1");
        ended.ShouldNotContain("data-live");
        ended.ShouldNotContain("<script");
    }

    [Fact]
    public async Task The_button_of_the_page_cancels_and_comes_back()
    {
        using var answer = await _server.Admin.PostAsync("/sweeps/S-1/cancel", null, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.SeeOther);
        answer.Headers.Location!.ToString().ShouldBe("/sweeps/S-1");
        (await PageAsync("/sweeps/S-1")).ShouldContain("cancelling");
    }

    [Fact]
    public async Task What_is_not_there_is_a_page_that_says_so()
    {
        foreach (
            var path in (string[])["/sweeps/S-77", "/trials/T-777", "/claims/none", "/nothing"]
        )
        {
            using var answer = await _server.Admin.GetAsync(path, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound, path);
            answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        }
    }

    [Fact]
    public async Task Assets_have_content_and_may_be_kept_since_another_content_has_another_address()
    {
        foreach (var asset in EmbeddedAssets.All)
        {
            using var answer = await _server.Anyone.GetAsync(asset.Url, Cancellation);
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            (await answer.Content.ReadAsStringAsync(Cancellation)).Length.ShouldBeGreaterThan(
                1_000
            );
            answer.Headers.CacheControl!.ToString().ShouldContain("immutable");
        }

        EmbeddedAssets.Live.Text.Length.ShouldBeLessThan(5_000);
    }

    [Fact]
    public async Task A_report_needs_nothing_else_and_its_numbers_lead_to_trials()
    {
        using var answer = await _server.Admin.GetAsync(
            "/api/v1/sweeps/S-1/report.html",
            Cancellation
        );
        answer
            .Headers.GetValues("Content-Security-Policy")
            .Single()
            .ShouldContain("style-src 'sha256-");
        var html = await answer.Content.ReadAsStringAsync(Cancellation);
        html.ShouldContain("<style>");
        html.ShouldNotContain("<link");
        html.ShouldNotContain("<script");
        var anchors = Anchor().Matches(html).Select(match => match.Groups[1].Value).ToHashSet();
        var targets = Hash().Matches(html).Select(match => match.Groups[1].Value).ToList();
        targets.Count.ShouldBeGreaterThan(20);
        targets.ShouldBeSubsetOf(anchors);
    }

    private async Task<string> PageAsync(string path)
    {
        using var answer = await _server.Admin.GetAsync(path, Cancellation);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
        return (await answer.Content.ReadAsStringAsync(Cancellation)).Trim();
    }

    [GeneratedRegex("<script(?![^>]*src=)[^>]*>")]
    private static partial Regex InlineScript();

    [GeneratedRegex(@"<[^>]+\son[a-z]+=")]
    private static partial Regex Handler();

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Link();

    [GeneratedRegex("id=\"([^\"]+)\"")]
    private static partial Regex Anchor();

    [GeneratedRegex("<a[^>]*href=\"#([^\"]+)\"")]
    private static partial Regex Hash();
}

using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Dashboard;

public sealed class BrowserTests(PostgresFixture postgres)
{
    /// <summary>A folder for pictures; without it they are looked at for being pictures and thrown away.</summary>
    private static readonly string? Album = Environment.GetEnvironmentVariable(
        "HARNESS_SCREENSHOTS"
    );

    [Fact]
    public async Task A_browser_signs_in_by_the_link_and_sees_the_sweep()
    {
        await using var server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(server.Database, SampleSweep.Of(15));

        var dom = await Chromium.DomAsync(Link(server, "/sweeps/last"));

        dom.ShouldContain("quickstart");
        dom.ShouldContain("gru, parity: 1 quarantined");
        dom.ShouldContain("<svg");
        dom.ShouldNotContain("token=");
    }

    [Fact]
    public async Task A_running_page_is_read_again_when_its_sweep_changes()
    {
        await using var server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(server.Database, SampleSweep.Of(15));

        // The page is loaded while the sweep runs; the change comes while it is open.
        await using var browser = await ChromiumSession.OpenAsync(Link(server, "/sweeps/S-1"));
        await server.Requests.AsyncOf("/api/v1/sweeps/S-1/events");
        await server.Database.ExecuteAsync(
            "update sweep set state = 'cancelled', ended_at = clock_timestamp(), name = 'renamed'"
        );
        await server.Database.ExecuteAsync("select pg_notify('harness_sweep', '1')");

        await browser.UntilAsync("document.querySelector('h1')?.textContent === 'renamed'");
        // It has ended: nothing is listened to any more.
        await browser.UntilAsync("document.querySelector('main[data-live]') === null");
    }

    [Theory]
    [InlineData("overview", "/", 1340, 1000)]
    [InlineData("sweep", "/sweeps/S-1", 1340, 1700)]
    [InlineData("sweep-phone", "/sweeps/S-1", 390, 3000)]
    [InlineData("trial", "/trials/T-1", 1340, 1100)]
    [InlineData("report", "/api/v1/sweeps/S-1/report.html", 1340, 1800)]
    public async Task Pages_can_be_seen_in_both_themes(
        string name,
        string path,
        int width,
        int height
    )
    {
        await using var server = await DashboardServer.StartAsync(postgres);
        await Seed.SweepAsync(server.Database, SampleSweep.Of(15));
        // Without an album one picture is enough to know that the page is drawn.
        foreach (var dark in (bool[])(Album is null ? [width < 700] : [false, true]))
        {
            var picture = await Chromium.ScreenshotAsync(Link(server, path), width, height, dark);
            picture.Length.ShouldBeGreaterThan(8_000, "an empty page is smaller");
            if (Album is not null)
            {
                Directory.CreateDirectory(Album);
                await File.WriteAllBytesAsync(
                    Path.Combine(Album, $"{name}{(dark ? "-dark" : "")}.png"),
                    picture,
                    TestContext.Current.CancellationToken
                );
            }
        }
    }

    // API addresses take no link: a page takes it, and leads there by its cookie.
    private static Uri Link(DashboardServer server, string path) =>
        new(server.Address, $"{path}?token={DashboardServer.AdminToken}");
}

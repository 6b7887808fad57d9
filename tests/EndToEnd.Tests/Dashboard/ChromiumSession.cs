using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>A browser with one open page, asked through its debugging port.</summary>
internal sealed class ChromiumSession : IAsyncDisposable
{
    private readonly Process _browser;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _socket = new();

    private ChromiumSession(Process browser, DirectoryInfo profile)
    {
        _browser = browser;
        _profile = profile;
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a page.</summary>
    public static async Task<ChromiumSession> OpenAsync(Uri address)
    {
        var profile = Directory.CreateTempSubdirectory("harness-chromium-");
        var start = new ProcessStartInfo(Chromium.Find()) { RedirectStandardError = true };
        foreach (
            var argument in (string[])
                [
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--remote-debugging-port=0",
                    $"--user-data-dir={profile.FullName}",
                    address.AbsoluteUri,
                ]
        )
        {
            start.ArgumentList.Add(argument);
        }

        var session = new ChromiumSession(Process.Start(start)!, profile);
        await session._socket.ConnectAsync(await session.PageAsync(), Cancellation);
        return session;
    }

    /// <summary>Waits inside the page until an expression holds; fails after half a minute.</summary>
    public async Task UntilAsync(string expression)
    {
        var script =
            "new Promise((done, fail) => { const look = () => { if ("
            + expression
            + ") done(true); else setTimeout(look, 50); }; look(); setTimeout(() => done(false), 30000); })";
        var question = JsonSerializer.Serialize(
            new
            {
                id = 1,
                method = "Runtime.evaluate",
                @params = new { expression = script, awaitPromise = true },
            }
        );
        await _socket.SendAsync(
            Encoding.UTF8.GetBytes(question),
            WebSocketMessageType.Text,
            endOfMessage: true,
            Cancellation
        );
        var answer = await AnswerAsync();
        answer.ShouldContain("\"value\":true", customMessage: $"never came true: {expression}");
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _browser.Kill(entireProcessTree: true);
        await _browser.WaitForExitAsync(CancellationToken.None);
        _browser.Dispose();
        _profile.Delete(recursive: true);
    }

    /// <summary>The browser writes on standard error where it listens.</summary>
    private async Task<Uri> PageAsync()
    {
        const string mark = "DevTools listening on ";
        while (await _browser.StandardError.ReadLineAsync(Cancellation) is { } line)
        {
            if (!line.StartsWith(mark, StringComparison.Ordinal))
            {
                continue;
            }

            // The rest is read away, so that the browser never waits for its reader.
            _ = _browser.StandardError.ReadToEndAsync(CancellationToken.None);
            var port = new Uri(line[mark.Length..]).Port;
            using var client = new HttpClient();
            var pages = await client.GetFromJsonAsync<JsonElement>(
                $"http://127.0.0.1:{port}/json/list",
                Cancellation
            );
            return new Uri(
                pages
                    .EnumerateArray()
                    .First(page => page.GetProperty("type").GetString() == "page")
                    .GetProperty("webSocketDebuggerUrl")
                    .GetString()!
            );
        }

        throw new InvalidOperationException("the browser ended");
    }

    private async Task<string> AnswerAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, Cancellation);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        } while (!part.EndOfMessage);
        return text.ToString();
    }
}

using System.Diagnostics;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>A real browser without a window. Missing: skipped on a laptop, failed on CI.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>The document as it is when it is loaded.</summary>
    public static Task<string> DomAsync(Uri address) => RunAsync("--dump-dom", address.AbsoluteUri);

    /// <summary>A picture of the page.</summary>
    public static async Task<byte[]> ScreenshotAsync(Uri address, int width, int height, bool dark)
    {
        var file = Path.Combine(Path.GetTempPath(), $"harness-{Guid.NewGuid():N}.png");
        try
        {
            await RunAsync(
                $"--screenshot={file}",
                $"--window-size={width},{height}",
                "--hide-scrollbars",
                $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}",
                address.AbsoluteUri
            );
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var profile = Directory.CreateTempSubdirectory("harness-chromium-");
        try
        {
            var start = new ProcessStartInfo(Find())
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (
                var argument in arguments
                    .Prepend($"--user-data-dir={profile.FullName}")
                    .Prepend("--disable-dev-shm-usage")
                    .Prepend("--disable-gpu")
                    .Prepend("--no-sandbox")
                    .Prepend("--headless")
            )
            {
                start.ArgumentList.Add(argument);
            }

            using var browser = Process.Start(start)!;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(
                TestContext.Current.CancellationToken
            );
            limit.CancelAfter(TimeSpan.FromSeconds(90));
            try
            {
                var errors = browser.StandardError.ReadToEndAsync(limit.Token);
                var output = await browser.StandardOutput.ReadToEndAsync(limit.Token);
                await browser.WaitForExitAsync(limit.Token);
                browser.ExitCode.ShouldBe(0, await errors);
                return output;
            }
            finally
            {
                if (!browser.HasExited)
                {
                    browser.Kill(entireProcessTree: true);
                }
            }
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    /// <summary>Path of the browser.</summary>
    public static string Find()
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (found is not null)
        {
            return found;
        }

        const string missing = "no chromium on PATH: install the package 'chromium'";
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            throw new InvalidOperationException(missing);
        }

        Assert.Skip(missing);
        return "";
    }
}

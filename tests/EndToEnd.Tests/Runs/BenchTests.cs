using System.Diagnostics;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>The program behind <c>./dev bench</c> still measures what it names. Its figures are nobody's business here.</summary>
[Collection(WholeRuns.Name)]
public sealed class BenchTests
{
    private static readonly string[] Marks = ["M3", "M7", "M8", "M9"];

    [Fact]
    public async Task Marks_are_measured_at_a_small_scale()
    {
        var reports = Path.Combine(
            Directory.CreateTempSubdirectory("harness-bench-").FullName,
            "bench.json"
        );
        var start = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var word in (string[])
                [HarnessScript.Program("Bench"), .. Marks, "--small", "--json", reports]
        )
        {
            start.ArgumentList.Add(word);
        }

        using var bench = Process.Start(start)!;
        var output = bench.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = bench.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        deadline.CancelAfter(TimeSpan.FromMinutes(6));
        try
        {
            await bench.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            bench.Kill(entireProcessTree: true);
            throw new TimeoutException($"the marks were not measured in time: {await errors}");
        }

        bench.ExitCode.ShouldBe(0, await errors);
        Marks.ShouldAllBe(mark => output.Result.Contains($"### {mark} "));
        using var written = System.Text.Json.JsonDocument.Parse(
            await File.ReadAllTextAsync(reports, TestContext.Current.CancellationToken)
        );
        written
            .RootElement.EnumerateArray()
            .Select(report => report.GetProperty("Id").GetString())
            .ShouldBe(Marks);
        Directory.Delete(Path.GetDirectoryName(reports)!, recursive: true);
    }
}

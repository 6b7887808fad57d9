using System.Diagnostics;
using System.Globalization;

namespace Harness.Unit.Tests.Fuzz;

/// <summary>
/// The parser lives through 10,000 mutated files: each is a spec or is told what is wrong with it, within two seconds of
/// processor time and 512 MiB. They are read in a process of its own: a stack that overflows ends what it runs in.
/// </summary>
public sealed class ParserFuzzTests
{
    private const int Seed = 20261;
    private const int Files = 10_000;
    private const long MemoryLimit = 512L << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_parser_lives_through_ten_thousand_mutated_files()
    {
        var seed = Environment.GetEnvironmentVariable(ParserChild.Seed) ?? $"{Seed}";
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var progress = Path.GetTempFileName();
        using var child = Start(seed, progress);
        var said = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var (peak, isLate) = await WatchAsync(child);

        var number = (await File.ReadAllLinesAsync(progress, Cancellation)).LastOrDefault();
        if (number != "done")
        {
            var kept = await KeepAsync(seed, number);
            throw new InvalidOperationException(
                $"seed {seed}, file {number} (kept as {kept}): the child {(isLate ? "did not end" : $"ended with {child.ExitCode}")}\n{await said}"
            );
        }

        child.ExitCode.ShouldBe(0, await said);
        peak.ShouldBeLessThan(MemoryLimit, "bytes resident at most");
        File.Delete(progress);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Process Start(string seed, string progress)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        string[] arguments =
        [
            typeof(ParserChild).Assembly.Location,
            "--explicit",
            "only",
            "--filter-class",
            typeof(ParserChild).FullName!,
            "--progress",
            "off",
            "--no-ansi",
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[ParserChild.Seed] = seed;
        start.Environment[ParserChild.Files] = Files.ToString(CultureInfo.InvariantCulture);
        start.Environment[ParserChild.Progress] = progress;
        start.Environment["DOTNET_gcServer"] = "0";
        return Process.Start(start)!;
    }

    // The most memory that it had, and whether it had to be killed.
    private static async Task<(long Peak, bool IsLate)> WatchAsync(Process child)
    {
        var (clock, peak) = (Stopwatch.StartNew(), 0L);
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!child.HasExited)
        {
            peak = Math.Max(peak, Resident(child.Id));
            if (peak > MemoryLimit || clock.Elapsed > Limit)
            {
                child.Kill(entireProcessTree: true);
                await child.WaitForExitAsync(Cancellation);
                return (peak, true);
            }

            await beat.WaitForNextTickAsync(Cancellation);
        }

        return (peak, false);
    }

    private static long Resident(int process)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status")
                .FirstOrDefault(row => row.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null
                ? 0
                : 1024
                    * long.Parse(line[6..].Replace("kB", "").Trim(), CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // it ended meanwhile
        }
    }

    private static async Task<string> KeepAsync(string seed, string? number)
    {
        var path = Path.Combine(Path.GetTempPath(), $"harness-fuzz-{seed}-{number}.yml");
        if (int.TryParse(number, out var file))
        {
            await File.WriteAllBytesAsync(
                path,
                ParserChild.Mutation.File(int.Parse(seed, CultureInfo.InvariantCulture), file),
                Cancellation
            );
        }

        return path;
    }
}

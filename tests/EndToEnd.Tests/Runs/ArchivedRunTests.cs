namespace Harness.EndToEnd.Tests.Runs;

/// <summary>A real sweep as a file: removed and read back it exports the same bytes, and other files are refused.</summary>
[Collection(WholeRuns.Name)]
public sealed class ArchivedRunTests
{
    private const string Sweep = """
        version: 1
        name: archived
        parameters:
          model: {values: [gru, transformer]}
          task: {value: parity}
          width: {value: 16}
        seeds: 1
        budget: {steps: 60}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task It_comes_back_byte_for_byte_and_nothing_else_does()
    {
        await using var harness = new HarnessScript();
        var spec = await harness.WriteSweepAsync(Sweep);
        await Fine(harness, "up", "--detach", "--workers", "1");
        await Fine(harness, "run", spec);
        var before = await ExportsAsync(harness);
        var file = Path.Combine(harness.Data, "a.zip");
        await Fine(harness, "archive", "last", "--out", file);
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        (await RefusedAsync(harness, file)).ShouldContain("is here already: S-1");

        await Fine(harness, "rm", "S-1");
        var damaged = Path.Combine(harness.Data, "damaged.zip");
        foreach (
            var (wrong, reason) in new[]
            {
                (bytes[..(bytes.Length / 2)], "no whole archive"),
                (Flipped(bytes), "The "),
                ("no zip at all"u8.ToArray(), "no whole archive"),
            }
        )
        {
            await File.WriteAllBytesAsync(damaged, wrong, TestContext.Current.CancellationToken);
            (await RefusedAsync(harness, damaged)).ShouldContain(reason);
        }

        (await harness.RunAsync(Patience, "ls", "sweeps")).Output.ShouldNotContain("S-1");
        (await Fine(harness, "restore", file)).Output.Trim().ShouldBe("S-1");
        (await ExportsAsync(harness)).ShouldBe(before);
        await Fine(harness, "down");
    }

    // In the middle of what is packed.
    private static byte[] Flipped(byte[] bytes)
    {
        byte[] flipped = [.. bytes];
        flipped[bytes.Length / 2] ^= 0x40;
        return flipped;
    }

    private static async Task<string> RefusedAsync(HarnessScript harness, string file)
    {
        var ended = await harness.RunAsync(Patience, "restore", file);
        ended.ExitCode.ShouldBe(2, ended.Messages);
        return ended.Messages;
    }

    private static async Task<string> ExportsAsync(HarnessScript harness)
    {
        var exports = "";
        foreach (var view in new[] { "trials", "metrics", "profiles", "attempts", "accuracy" })
        {
            var rows = (await Fine(harness, "export", view, "--format", "jsonl")).Output;
            rows.ShouldNotBeEmpty(view);
            exports += rows;
        }

        return exports;
    }

    private static async Task<HarnessScript.Ended> Fine(
        HarnessScript harness,
        params string[] arguments
    )
    {
        var ended = await harness.RunAsync(Patience, arguments);
        ended.ExitCode.ShouldBe(0, $"{string.Join(' ', arguments)}: {ended.Messages}");
        return ended;
    }
}

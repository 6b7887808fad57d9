namespace Harness.EndToEnd.Tests.Runs;

/// <summary>R9 through every program: PostgreSQL is away, or hangs, for longer than several leases.</summary>
[Collection(WholeRuns.Name)]
public sealed class DatabaseOutageTests
{
    [Theory]
    [InlineData("away")]
    [InlineData("hung")]
    public Task R9_an_outage_burns_no_attempt_and_training_goes_on(string how) =>
        TryAsync(how, "0.4");

    [Theory(Explicit = true)]
    [InlineData("away")]
    [InlineData("hung")]
    public Task R9_nor_does_one_of_ten_minutes(string how) => TryAsync(how, "10");

    private static async Task TryAsync(string how, string minutes)
    {
        var run = await ProgramRun.OfAsync(
            "Faults",
            TimeSpan.FromMinutes(20),
            "--outage",
            how,
            "--minutes",
            minutes
        );

        run.ExitCode.ShouldBe(0, $"{run.Output}\n{run.Errors}");
    }
}

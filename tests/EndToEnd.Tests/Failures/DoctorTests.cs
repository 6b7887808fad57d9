using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Failures;

/// <summary>`doctor` looks at everything that a run needs, and touches nothing.</summary>
public sealed class DoctorTests
{
    private static readonly string[] Checks =
    [
        "runtime",
        "cores and memory",
        "postgresql",
        "trainer",
        "data folder",
        "ports",
        "data of char-lm",
    ];

    [Fact]
    public async Task Every_check_is_there_for_people_and_for_programs()
    {
        await using var harness = new CommandProcess();
        var read = await harness.RunAsync("doctor", "--json");
        read.ExitCode.ShouldBe(0, read.Output);
        read.Json()
            .EnumerateArray()
            .Select(finding => finding.GetProperty("check").GetString())
            .ShouldBe(Checks);
        StateOf(read, "trainer").ShouldBe("ok");

        var shown = await harness.RunAsync("doctor");
        shown.ExitCode.ShouldBe(0);
        Checks.ShouldAllBe(check => shown.Output.Contains(check));
        Directory.Exists(harness.Data).ShouldBeFalse("looking makes nothing");
    }

    [Fact]
    public async Task What_is_needed_and_missing_is_broken_and_gives_exit_code_3()
    {
        await using var harness = new CommandProcess().With("HARNESS_POSTGRES", "/nowhere");
        await File.WriteAllTextAsync(harness.Data, "x", TestContext.Current.CancellationToken);
        var doctor = await harness.RunAsync("doctor", "--json");
        doctor.ExitCode.ShouldBe(3);
        StateOf(doctor, "postgresql").ShouldBe("broken");
        StateOf(doctor, "data folder").ShouldBe("broken");
        StateOf(doctor, "ports").ShouldBe("ok");
    }

    [Fact]
    public async Task A_postgresql_that_the_first_run_fetches_is_a_warning()
    {
        await using var harness = new CommandProcess().WithoutPostgres();
        var doctor = await harness.RunAsync("doctor", "--json");
        StateOf(doctor, "postgresql").ShouldBe("warning");
        var never = await harness
            .With("HARNESS_POSTGRES_FETCH", "never")
            .RunAsync("doctor", "--json");
        StateOf(never, "postgresql").ShouldBe("broken");
        never.ExitCode.ShouldBe(3);
    }

    internal static string StateOf(HarnessScript.Ended doctor, string check) =>
        doctor
            .Json()
            .EnumerateArray()
            .Single(finding => finding.GetProperty("check").GetString() == check)
            .GetProperty("state")
            .GetString()!;
}

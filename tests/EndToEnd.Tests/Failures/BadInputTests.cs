namespace Harness.EndToEnd.Tests.Failures;

/// <summary>Some rows of the table of mistakes (Unit.Tests/CommandLine) through the program itself.</summary>
public sealed class BadInputTests
{
    private const string Right = """
        version: 1
        name: example
        parameters:
          model: {values: [rnn, transformer]}
          task: {value: parity}
          width: {value: 32}
        seeds: 2
        budget: {steps: 30}

        """;

    [Theory]
    [InlineData("submit", "seeds: 2", "sede: 2", "7:1: /sede: ", "did you mean 'seeds'?")]
    [InlineData("run", "rnn,", "rmn,", "4:20: /parameters/model/values/0: ", "allowed: rnn, lstm")]
    [InlineData("run", "32", "33", "6:3: /parameters/heads: ", "allowed: 1, 3, 11, 33")]
    [InlineData("run", "budget:", "match: {by: x}\nbudget:", "8:1: /match: ", "not yet: match")]
    [InlineData("submit", "version: 1", "\u0000", "1:1: ", "control character")]
    public async Task A_mistake_ends_the_program_with_2_and_writes_nothing(
        string command,
        string right,
        string wrong,
        string place,
        string told
    )
    {
        await using var harness = new CommandProcess();
        var spec = Path.Combine(harness.Folder, "bad.yml");
        await File.WriteAllTextAsync(
            spec,
            Right.Replace(right, wrong, StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var ended =
            command == "run"
                ? await harness.RunAsync("run", spec)
                : await harness.RunAsync("submit", "--dry-run", spec);

        ended.ExitCode.ShouldBe(2, ended.Messages);
        ended.Output.ShouldBeEmpty();
        ended.Messages.ShouldStartWith($"{spec}:{place}");
        ended.Messages.ShouldContain(told);
        Directory.GetFileSystemEntries(harness.Folder).ShouldBe([spec]);
    }
}

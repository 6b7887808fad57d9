namespace Harness.Unit.Tests.CommandLine;

/// <summary>Tests that take the console: one after the other, and beside no others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneConsole
{
    public const string Name = "console";
}

/// <summary>The command line in this process, with what it prints.</summary>
internal static class Terminals
{
    public sealed record Ended(int ExitCode, string Output, string Messages);

    public static async Task<Ended> RunAsync(params string[] arguments)
    {
        var (output, messages) = (Console.Out, Console.Error);
        using var heard = new StringWriter();
        using var said = new StringWriter();
        Console.SetOut(heard);
        Console.SetError(said);
        try
        {
            var code = await Cli.Commands.CommandLine.RunAsync(
                arguments,
                TestContext.Current.CancellationToken
            );
            return new Ended(code, heard.ToString(), said.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(messages);
        }
    }
}

using System.CommandLine;
using Harness.Cli.Client;
using Harness.Cli.Commands;
using Harness.Cli.Launcher;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Sweeps;

var workers = Options.Workers();
var port = Options.Port();
var supervise = new Command("supervise", "Keeps the programs of a data folder.") { workers, port };
supervise.Hidden = true;
supervise.SetAction(
    async (parsed, _) =>
    {
        var options = new ServiceOptions(parsed.GetValue(workers), parsed.GetValue(port));
        using var supervisor = new Supervisor(
            new DataFolder(parsed.GetRequiredValue(Options.Data)),
            options
        );
        await supervisor.RunAsync();
        return 0;
    }
);

var root = new RootCommand(
    "Measures how recurrent networks and Transformers compare as sequence models."
)
{
    RunCommand.Build(),
    UpCommand.Up(),
    UpCommand.Down(),
    SweepCommands.Submit(),
    SweepCommands.Watch("watch", "Show a sweep's progress until it has ended."),
    SweepCommands.Watch("wait", "Wait until a sweep has ended."),
    LookCommands.Ls(),
    LookCommands.Show(),
    LookCommands.Logs(),
    SweepCommands.Cancel(),
    SweepCommands.Report(),
    SweepCommands.Export(),
    LookCommands.Catalog(),
    ClaimCommands.Build(),
    supervise,
    Options.Data,
    Options.Server,
    Options.Json,
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors)
    {
        Terminal.Say(error.Message);
    }

    var names = parsed
        .CommandResult.Command.Subcommands.Where(command => !command.Hidden)
        .Select(command => command.Name);
    var known = names
        .Concat(parsed.CommandResult.Command.Options.Select(option => option.Name))
        .ToList();
    foreach (var word in parsed.UnmatchedTokens)
    {
        Terminal.Say(
            Nearest.To(word, known) is { } near
                ? $"did you mean '{near}'?"
                : $"allowed: {string.Join(", ", known)}"
        );
    }

    return HarnessException.BadInput;
}

try
{
    return await parsed.InvokeAsync(
        new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
        }
    );
}
catch (OperationCanceledException)
{
    return 130;
}
catch (FileException mistakes)
{
    Terminal.Problems(mistakes.File, mistakes.Text, mistakes.Problems);
    return HarnessException.BadInput;
}
catch (SpecException mistakes)
{
    Terminal.Problems("sweep", "", mistakes.Problems);
    return HarnessException.BadInput;
}
catch (HarnessException error)
{
    Terminal.Say(error.Message);
    return error.ExitCode;
}

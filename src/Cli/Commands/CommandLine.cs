using System.CommandLine;
using Harness.Cli.Client;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary>The whole command line, and the table of exit codes.</summary>
public static class CommandLine
{
    /// <summary>Exit code after a signal.</summary>
    public const int Interrupted = 130;

    /// <summary>Parses and runs; every fault becomes a sentence and an exit code.</summary>
    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var root = Root();
        var result = root.Parse(args.Length == 0 ? ["--help"] : args);
        var terminal = Terminal.OfProcess(result.GetValue(Globals.Json));
        if (result.Errors.Count > 0)
        {
            return Fail(
                terminal,
                new HarnessException(ParseFault.Of(result), HarnessException.BadInput)
            );
        }

        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration
                {
                    EnableDefaultExceptionHandler = false,
                    ProcessTerminationTimeout = null,
                },
                cancellation
            );
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Interrupted;
        }
        catch (Exception error)
        {
            return Fail(terminal, error);
        }
    }

    /// <summary>All commands.</summary>
    public static RootCommand Root() =>
        new("Benchmarks recurrent networks against Transformers on long-range tasks.")
        {
            Globals.Data,
            Globals.Json,
            Globals.Server,
            RunCommand.Make(),
            UpCommand.Make(),
            DownCommand.Make(),
            SubmitCommand.Make(),
            WatchCommand.Make("watch", "Follow a sweep to its end.", shows: true),
            WatchCommand.Make("wait", "Wait for a sweep's end, silently.", shows: false),
            ListCommand.Make(),
            ShowCommand.Make(),
            UpgradeCommand.Make(),
            ExplainCommand.Make(),
            ArchiveCommand.Make(),
            RestoreCommand.Make(),
            LogsCommand.Make(),
            ChangeCommands.Pause(),
            ChangeCommands.Resume(),
            ChangeCommands.Cancel(),
            ChangeCommands.Retry(),
            SetCommand.Make(),
            RemoveCommand.Make(),
            GarbageCommand.Make(),
            ReportCommand.Make(),
            ExportCommand.Make(),
            ClaimsCommand.Make(),
            CatalogCommand.Make(),
            DoctorCommand.Make(),
            SuperviseCommand.Make(),
        };

    private static int Fail(Terminal terminal, Exception error)
    {
        terminal.Status(null);
        switch (error)
        {
            case ProblemException problem:
                terminal.Fault(problem.Message, problem.Document);
                return problem.ExitCode;
            case HarnessException known:
                terminal.Fault(
                    $"harness: {known.Message}",
                    Document(known.Message, known.ExitCode)
                );
                return known.ExitCode;
            default:
                var told = Environment.GetEnvironmentVariable("HARNESS_DEBUG") is { Length: > 0 }
                    ? error.ToString()
                    : $"{error.Message} ({error.GetType().Name}; HARNESS_DEBUG=1 shows where)";
                terminal.Fault(
                    $"harness: unexpected: {told}",
                    Document(error.Message, HarnessException.Infrastructure)
                );
                return HarnessException.Infrastructure;
        }
    }

    private static ProblemDocument Document(string detail, int exitCode) =>
        exitCode == HarnessException.BadInput
            ? new()
            {
                Type = "/problems/bad-input",
                Title = "Bad input",
                Status = 400,
                Detail = detail,
            }
            : new()
            {
                Type = "/problems/infrastructure",
                Title = "Infrastructure",
                Status = 503,
                Detail = detail,
            };
}

using System.CommandLine;
using Harness.Cli.Client;
using Harness.Cli.Launcher;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary>A command's terminal and its connection to a harness, local or far.</summary>
public sealed class Session : IAsyncDisposable
{
    private readonly Holder? _holder;

    private Session(Terminal terminal, HarnessClient client, Holder? holder, DataFolder? data)
    {
        (Terminal, Client, _holder, Data) = (terminal, client, holder, data);
    }

    /// <summary>Where the command writes.</summary>
    public Terminal Terminal { get; }

    /// <summary>The API.</summary>
    public HarnessClient Client { get; }

    /// <summary>The local data folder, or null with a far harness.</summary>
    public DataFolder? Data { get; }

    /// <summary>What holds the local harness, or null with a far one.</summary>
    public Holder? Holder => _holder;

    /// <summary>The terminal of a command.</summary>
    public static Terminal TerminalOf(ParseResult result) =>
        Terminal.OfProcess(result.GetValue(Globals.Json));

    /// <summary>Connects to a harness with workers; starts a local one where none runs.</summary>
    public static async Task<Session> WithWorkersAsync(
        ParseResult result,
        int workers,
        int port,
        CancellationToken cancellation
    )
    {
        if (Far(result) is { } far)
        {
            return far;
        }

        var data = new DataFolder(result.GetValue(Globals.Data)!);
        // Beside the start, which waits for disks and sockets: a worker whose trainer cannot load would fail every trial.
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var trainer = Task.Run(() => TrainerCheck.Require(giveUp.Token), giveUp.Token);
        _ = trainer.ContinueWith(
            _ => giveUp.Cancel(),
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
        Session session;
        try
        {
            session = await HoldAsync(
                result,
                data,
                new ServiceOptions(workers, port),
                giveUp.Token
            );
        }
        catch (OperationCanceledException) when (trainer.IsFaulted)
        {
            await trainer; // throws the reason
            throw;
        }
        catch
        {
            await giveUp.CancelAsync();
            throw;
        }

        try
        {
            await trainer;
            await Joining.FirstAsync(session.Client, cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Connects to a harness; starts a local one without workers, for as long as this command reads.</summary>
    public static Task<Session> ToReadAsync(ParseResult result, CancellationToken cancellation)
    {
        if (Far(result) is { } far)
        {
            return Task.FromResult(far);
        }

        var folder = Path.GetFullPath(result.GetValue(Globals.Data)!);
        // Reading must not make an empty data folder where a name was misspelt.
        return File.Exists(Path.Combine(folder, "supervisor.lock"))
            ? HoldAsync(result, new DataFolder(folder), new ServiceOptions(0, 0), cancellation)
            : throw new HarnessException(
                $"Nothing has run in {folder} yet: run `harness run sweeps/quickstart.yml`, name the folder with --data, or a cluster with --server.",
                HarnessException.BadInput
            );
    }

    /// <summary>Connects to a harness that runs already.</summary>
    public static async Task<Session> ToRunningAsync(
        ParseResult result,
        CancellationToken cancellation
    )
    {
        if (Far(result) is { } far)
        {
            return far;
        }

        // Only its presence counts: the holder below talks to the supervisor itself.
        Connection.Read(result.GetValue(Globals.Data)!);
        return await HoldAsync(
            result,
            new DataFolder(result.GetValue(Globals.Data)!),
            new ServiceOptions(0, 0),
            cancellation
        );
    }

    /// <summary>The id of a sweep; <c>last</c> is the newest.</summary>
    public async Task<string> SweepAsync(string selector, CancellationToken cancellation)
    {
        if (selector == "last" || !Ids.TrySweep(selector, out var id))
        {
            return selector == "last"
                ? (
                    await Client.GetAsync(
                        "sweeps/last/summary",
                        DomainJson.Default.SweepSummary,
                        cancellation
                    )
                ).Sweep
                : throw new HarnessException(
                    $"'{selector}' is no sweep: give an id such as S-1, or 'last'.",
                    HarnessException.BadInput
                );
        }

        return Ids.Sweep(id);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Terminal.Status(null);
        Client.Dispose();
        if (_holder is not null)
        {
            await _holder.DisposeAsync();
        }
    }

    private static Session? Far(ParseResult result)
    {
        var url = result.GetValue(Globals.Server);
        if (url is null)
        {
            return null;
        }

        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || !uri.Scheme.StartsWith("http", StringComparison.Ordinal)
        )
        {
            throw new HarnessException(
                $"'{url}' is no URL: give --server one such as http://127.0.0.1:8080.",
                HarnessException.BadInput
            );
        }

        return new(TerminalOf(result), new HarnessClient(url, Token()), null, null);
    }

    private static string Token()
    {
        if (Environment.GetEnvironmentVariable("HARNESS_TOKEN") is { Length: > 0 } token)
        {
            return token;
        }

        return
            Environment.GetEnvironmentVariable("HARNESS_TOKEN_FILE") is { Length: > 0 } file
            && File.Exists(file)
            ? File.ReadAllText(file).Trim()
            : throw new HarnessException(
                "--server needs a token: set HARNESS_TOKEN to the one that was printed when the server was started.",
                HarnessException.BadInput
            );
    }

    private static async Task<Session> HoldAsync(
        ParseResult result,
        DataFolder data,
        ServiceOptions options,
        CancellationToken cancellation
    )
    {
        var terminal = TerminalOf(result);
        var holder = await Holder.TakeAsync(data, options, terminal.Say, cancellation);
        var token = (await File.ReadAllTextAsync(data.Secret("token"), cancellation)).Trim();
        return new(terminal, new HarnessClient(holder.Url, token), holder, data);
    }
}

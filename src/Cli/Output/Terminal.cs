using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Spectre.Console;

namespace Harness.Cli.Output;

/// <summary>
/// Where a command writes: its result on standard output, everything else on standard error. Piped output is plain,
/// and with <c>--json</c> the result is one document.
/// </summary>
public sealed class Terminal
{
    private readonly TextWriter _output;
    private readonly TextWriter _messages;
    private readonly IAnsiConsole? _console;
    private readonly Lock _gate = new();
    private string? _status;

    /// <summary>Writes to the given streams.</summary>
    /// <param name="output">Results.</param>
    /// <param name="messages">Everything else.</param>
    /// <param name="json">Whether results are JSON.</param>
    /// <param name="drawn">Whether results are drawn for a person.</param>
    /// <param name="live">Whether a status line may be rewritten in place.</param>
    public Terminal(TextWriter output, TextWriter messages, bool json, bool drawn, bool live)
    {
        (_output, _messages, Json, Live) = (output, messages, json, live);
        _console = drawn
            ? AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) })
            : null;
    }

    /// <summary>Whether results are JSON.</summary>
    public bool Json { get; }

    /// <summary>Whether a status line may be rewritten in place.</summary>
    public bool Live { get; }

    /// <summary>The process's own streams.</summary>
    public static Terminal OfProcess(bool json)
    {
        var dumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        return new(
            Console.Out,
            Console.Error,
            json,
            drawn: !Console.IsOutputRedirected && !dumb,
            live: !Console.IsErrorRedirected && !dumb
        );
    }

    /// <summary>A message.</summary>
    public void Say(string message)
    {
        lock (_gate)
        {
            Clear();
            _messages.WriteLine(PlainText.Safe(message));
            Draw();
        }
    }

    /// <summary>The line that is rewritten in place; null removes it.</summary>
    public void Status(string? line)
    {
        if (!Live)
        {
            return;
        }

        lock (_gate)
        {
            Clear();
            _status = line;
            Draw();
        }
    }

    /// <summary>A line of the result.</summary>
    public void Write(string line) => _output.WriteLine(PlainText.Safe(line));

    /// <summary>A table of the result.</summary>
    public void Write(TextTable table)
    {
        if (_console is null)
        {
            _output.Write(table.Plain());
        }
        else
        {
            _console.Write(table.Drawn());
        }
    }

    /// <summary>The result as one document.</summary>
    public void Write<T>(T document, JsonTypeInfo<T> type)
    {
        // The options of the type's context, indented: people read it too.
        var options = new JsonSerializerOptions(type.Options) { WriteIndented = true };
        _output.WriteLine(JsonSerializer.Serialize(document, options.GetTypeInfo(typeof(T))));
    }

    /// <summary>A fault: its sentence on standard error and, with <c>--json</c>, its document on standard output.</summary>
    public void Fault(string text, Domain.Api.ProblemDocument document)
    {
        Say(text);
        if (Json)
        {
            Write(document, DomainJson.Default.ProblemDocument);
        }
    }

    private void Clear()
    {
        if (_status is not null)
        {
            _messages.Write("\r\u001b[2K");
        }
    }

    private void Draw()
    {
        if (_status is not null)
        {
            var width = Math.Max(20, Console.WindowWidth - 1);
            _messages.Write(_status.Length > width ? _status[..width] : _status);
            _messages.Flush();
        }
    }
}

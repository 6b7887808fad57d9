using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.Training.Tests.Processes;

/// <summary>The trainer as a worker meets it: a process with two pipes.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120); // on a busy machine

    private readonly Process _process;
    private readonly Task<string> _errors;

    public sealed record Ended(int ExitCode, string Output, string Errors)
    {
        /// <summary>Every line is an event, or this throws.</summary>
        public Recorded Recorded => Recorded.Parse(Output);

        public TrainerFailure Failure => (TrainerFailure)Recorded.Events.ShouldHaveSingleItem();
    }

    private TrainerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.Environment["OMP_WAIT_POLICY"] = "passive";
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public static string Folder => AppContext.BaseDirectory;

    public static string Line(TrialSpec spec, CheckpointFiles? files = null) =>
        JsonSerializer.Serialize(
            new TrainerRequest { Trial = spec, Checkpoints = files },
            DomainJson.Default.TrainerRequest
        );

    public static TrainerProcess Start(
        string? folder = null,
        params (string Name, string Value)[] environment
    )
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(folder ?? Folder, "Harness.Training.dll")]
        );
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new TrainerProcess(start);
    }

    /// <summary>A spare one: it makes itself ready before its trial comes.</summary>
    public static TrainerProcess StartSpare() =>
        new(
            new ProcessStartInfo(
                "dotnet",
                [Path.Combine(Folder, "Harness.Training.dll"), "--standby"]
            )
        );

    /// <summary>With the file as standard input, as a person runs it.</summary>
    public static TrainerProcess StartOn(string file) =>
        new(
            new ProcessStartInfo(
                "bash",
                [
                    "-c",
                    "exec dotnet \"$0\" < \"$1\"",
                    Path.Combine(Folder, "Harness.Training.dll"),
                    file,
                ]
            )
        );

    /// <summary>One trial, with the lifeline held to the end.</summary>
    public static async Task<Ended> RunAsync(
        string line,
        string? folder = null,
        params (string Name, string Value)[] environment
    )
    {
        using var trainer = Start(folder, environment);
        await trainer.SayAsync(line);
        return await trainer.EndAsync();
    }

    public async Task SayAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
            await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // It refused the line before it was whole.
        }
    }

    /// <summary>Reads up to the first event of that kind.</summary>
    public async Task<T> HearAsync<T>()
        where T : TrainerEvent
    {
        while (
            await WithinAsync(
                token => _process.StandardOutput.ReadLineAsync(token).AsTask(),
                $"no {typeof(T).Name} came"
            )
                is { } line
        )
        {
            if (JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent) is T heard)
            {
                return heard;
            }
        }

        throw new InvalidOperationException($"it ended before {typeof(T).Name}: {await _errors}");
    }

    /// <summary>Asks it to end, as a worker does.</summary>
    public void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Close() => _process.StandardInput.Close();

    public async Task<Ended> EndAsync()
    {
        var output = await WithinAsync(
            token => _process.StandardOutput.ReadToEndAsync(token),
            "it did not end"
        );
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Ended(_process.ExitCode, output, await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static async Task<T> WithinAsync<T>(
        Func<CancellationToken, Task<T>> wait,
        string otherwise
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(
            TestContext.Current.CancellationToken
        );
        deadline.CancelAfter(Deadline);
        try
        {
            return await wait(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{otherwise} within {Deadline}");
        }
    }
}

using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.Worker.Attempts;

/// <summary>A trainer's process: what goes in, what comes out, and its end.</summary>
public sealed class TrainerProcess : IDisposable
{
    private readonly Process _process;

    private TrainerProcess(Process process) => _process = process;

    /// <summary>Id of the process, and of the group that it leads.</summary>
    public int Id => _process.Id;

    /// <summary>How it ended; 128 and the signal where one ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the trainer.</summary>
    /// <param name="trainer">Its assembly, or an executable.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="environment">All variables that it gets.</param>
    public static TrainerProcess Start(
        string trainer,
        string folder,
        SortedDictionary<string, string> environment
    )
    {
        if (!File.Exists(trainer))
        {
            throw new FileNotFoundException($"{trainer} is missing; set HARNESS_TRAINER.");
        }

        var isAssembly = trainer.EndsWith(".dll", StringComparison.Ordinal);
        var start = new ProcessStartInfo(isAssembly ? "dotnet" : trainer)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        if (isAssembly)
        {
            start.ArgumentList.Add(trainer);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        ProcessFacts.OfferToOutOfMemoryKiller(process.Id);
        return new TrainerProcess(process);
    }

    /// <summary>Hands it its trial; its standard input stays open as a lifeline.</summary>
    public async Task SendAsync(TrainerRequest request)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(
                JsonSerializer.Serialize(request, DomainJson.Default.TrainerRequest)
            );
            await _process.StandardInput.FlushAsync();
        }
        catch (IOException)
        {
            // It died before it read its trial; its exit code tells.
        }
    }

    /// <summary>What it says, until it ends. A line that is no event is an exception.</summary>
    public async IAsyncEnumerable<TrainerEvent?> EventsAsync()
    {
        await foreach (
            var line in LineFrame.ReadAsync(_process.StandardOutput.BaseStream, whole: true)
        )
        {
            yield return JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent);
        }
    }

    /// <summary>What it writes to standard error.</summary>
    public IAsyncEnumerable<byte[]> ErrorsAsync() =>
        LineFrame.ReadAsync(_process.StandardError.BaseStream, whole: false);

    /// <summary>Ends when it has ended.</summary>
    public Task WaitAsync() => _process.WaitForExitAsync();

    /// <summary>Asks it and all that it started to end.</summary>
    public void Terminate() => ProcessFacts.TerminateGroup(Id);

    /// <summary>Ends it and all that it started.</summary>
    public void Kill() => ProcessFacts.KillGroup(Id);

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}

using System.Diagnostics;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.Worker.Attempts;

/// <summary>A trainer's process: what goes in, what comes out, and its end.</summary>
public sealed class TrainerProcess : IDisposable
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2); // between its end and that of its pipes

    private readonly Process _process;

    private readonly IAsyncEnumerator<byte[]> _lines;

    private TrainerProcess(Process process, string folder)
    {
        (_process, Folder) = (process, folder);
        _lines = LineFrame
            .ReadAsync(process.StandardOutput.BaseStream, whole: true)
            .GetAsyncEnumerator();
    }

    /// <summary>Where it works.</summary>
    public string Folder { get; }

    /// <summary>What a spare trainer said before it got its trial; null of one that was started for it.</summary>
    public TrainerHello? Greeting { get; set; }

    /// <summary>CPU seconds that a spare trainer used before it got its trial.</summary>
    public double CpuBefore { get; private set; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Id of the process, and of the group that it leads.</summary>
    public int Id => _process.Id;

    /// <summary>How it ended; 128 and the signal where one ended it.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts the trainer.</summary>
    /// <param name="trainer">Its assembly, or an executable.</param>
    /// <param name="folder">Where it works.</param>
    /// <param name="environment">All variables that it gets.</param>
    /// <param name="arguments">Its arguments.</param>
    public static TrainerProcess Start(
        string trainer,
        string folder,
        SortedDictionary<string, string> environment,
        params ReadOnlySpan<string> arguments
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

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        ProcessRecord.Write(folder, process.Id);
        ProcessFacts.OfferToOutOfMemoryKiller(process.Id);
        return new TrainerProcess(process, folder);
    }

    /// <summary>Removes a folder; what cannot be removed now is removed at the worker's next start.</summary>
    public static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Hands it its trial; its standard input stays open as a lifeline.</summary>
    public async Task SendAsync(TrainerRequest request)
    {
        CpuBefore = Greeting is null ? 0 : ProcessFacts.CpuSeconds(Id) ?? 0;
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

    /// <summary>What it says next; null at its end. A line that is no event is an exception.</summary>
    public async ValueTask<TrainerEvent?> NextAsync() =>
        await _lines.MoveNextAsync()
            ? JsonSerializer.Deserialize(_lines.Current, DomainJson.Default.TrainerEvent)
                ?? throw new JsonException("A line is null.")
            : null;

    /// <summary>What it writes to standard error.</summary>
    public IAsyncEnumerable<byte[]> ErrorsAsync() =>
        LineFrame.ReadAsync(_process.StandardError.BaseStream, whole: false);

    /// <summary>Ends when it has ended and all that it said was read.</summary>
    /// <param name="read">The reading of both its streams.</param>
    public async Task WaitAsync(Task read)
    {
        await _process.WaitForExitAsync();
        // What it started may still hold its pipes: nobody would ever read their end.
        if (await Task.WhenAny(read, Task.Delay(Linger)) != read)
        {
            Kill();
            await Task.WhenAny(read, Task.Delay(Linger));
        }

        if (read.IsCompleted)
        {
            await read;
        }
    }

    /// <summary>Asks it and all that it started to end.</summary>
    public void Terminate() => ProcessFacts.TerminateGroup(Id);

    /// <summary>Ends it and all that it started.</summary>
    public void Kill()
    {
        if (_process.HasExited)
        {
            ProcessFacts.KillRest(Id);
        }
        else
        {
            ProcessFacts.KillGroup(Id);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();
}

using System.Diagnostics;
using System.Globalization;
using Harness.Cli.Launcher;

namespace Harness.Faults;

/// <summary>
/// A program of the rig, which is started again when a fault has ended it, and also when it has ended by itself: a silo
/// that starts while the database recovers does, and whoever runs one starts it again.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="start">Starts it.</param>
/// <param name="ready">Waits until it can be used.</param>
/// <param name="find">Its process; 0 where it has none.</param>
internal sealed class Part(
    string name,
    Func<ChildProcess> start,
    Func<ChildProcess, Task> ready,
    Func<int> find
) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _one = new(1); // two faults of one part come one after the other
    private volatile bool _stopping;
    private ChildProcess? _child;

    public string Name { get; } = name;

    /// <summary>Starts it, as often as it takes.</summary>
    public async Task StartAsync()
    {
        while (!_stopping)
        {
            var child = _child = start();
            if (await IsReadyAsync(child))
            {
                _ = WatchAsync(child);
                return;
            }

            child.Dispose();
            await Task.Delay(Pause);
        }
    }

    /// <summary>Ends it by a signal, waits, and starts it again after a pause.</summary>
    /// <returns>Whether it was there to be ended.</returns>
    public Task<bool> EndAsync(string signal, TimeSpan away) =>
        AloneAsync(async process =>
        {
            Processes.Signal(process, signal);
            await _child!.WaitAsync(CancellationToken.None);
            await Task.Delay(away);
            _child.Dispose();
            await StartAsync();
        });

    /// <summary>Stops it with all that it has open, and lets it go on.</summary>
    /// <param name="others">Processes that are stopped with it.</param>
    /// <param name="length">For how long.</param>
    public Task<bool> HoldAsync(Func<int, IEnumerable<int>> others, TimeSpan length) =>
        AloneAsync(async process =>
        {
            var held = others(process).Append(process).ToList();
            held.ForEach(one => Processes.Signal(one, "STOP"));
            await Task.Delay(length);
            held.ForEach(one => Processes.Signal(one, "CONT"));
        });

    public Task StopAsync()
    {
        _stopping = true;
        return _child?.StopAsync() ?? Task.CompletedTask;
    }

    public void Dispose()
    {
        _child?.Dispose();
        _one.Dispose();
    }

    private async Task<bool> IsReadyAsync(ChildProcess child)
    {
        var used = ready(child);
        var ended = child.WaitAsync(CancellationToken.None);
        if (await Task.WhenAny(used, ended) == used)
        {
            return used.IsCompletedSuccessfully;
        }

        _ = used.ContinueWith(task => task.Exception, TaskScheduler.Default);
        return false;
    }

    private async Task WatchAsync(ChildProcess child)
    {
        await child.WaitAsync(CancellationToken.None);
        await Task.Delay(Pause);
        await _one.WaitAsync();
        try
        {
            // Else a fault has ended it, and it runs again.
            if (_child == child && !_stopping)
            {
                child.Dispose();
                await StartAsync();
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task<bool> AloneAsync(Func<int, Task> fault)
    {
        await _one.WaitAsync();
        try
        {
            if (find() is not (> 0 and var process))
            {
                return false;
            }

            await fault(process);
            return true;
        }
        finally
        {
            _one.Release();
        }
    }
}

/// <summary>Processes of this machine.</summary>
internal static class Processes
{
    /// <summary>All whose command line or environment holds each of these texts.</summary>
    public static IEnumerable<int> AllWith(params IReadOnlyList<string> marks) =>
        All()
            .Where(process =>
                Text(process) is var text
                && marks.All(mark => text.Contains(mark, StringComparison.Ordinal))
            );

    /// <summary>Those whose parent is that process.</summary>
    public static IEnumerable<int> ChildrenOf(int parent) =>
        All().Where(process => Parent(process) == parent);

    /// <summary>Sends a signal; a process that is gone does not mind.</summary>
    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start(
            new ProcessStartInfo(
                "kill",
                [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]
            )
            {
                RedirectStandardError = true,
            }
        )!;
        kill.WaitForExit();
    }

    private static IEnumerable<int> All() =>
        Directory
            .EnumerateDirectories("/proc")
            .Select(folder =>
                int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id)
                    ? id
                    : 0
            )
            .Where(id => id > 0 && id != Environment.ProcessId);

    private static string Text(int process)
    {
        try
        {
            return (
                File.ReadAllText($"/proc/{process}/cmdline")
                + '\0'
                + File.ReadAllText($"/proc/{process}/environ")
            ).Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static int Parent(int process)
    {
        try
        {
            // After the name, which may hold blanks and brackets: state, parent.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(
                stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1],
                CultureInfo.InvariantCulture
            );
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}

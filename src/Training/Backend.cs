using System.Globalization;
using System.Runtime.InteropServices;
using Harness.Domain;
using TorchSharp;

namespace Harness.Training;

/// <summary>The one entrance to the native library.</summary>
public static class Backend
{
    // They change measured times two- to threefold, so they are recorded.
    private static readonly string[] AllocatorVariables =
    [
        "MALLOC_TRIM_THRESHOLD_",
        "MALLOC_MMAP_THRESHOLD_",
        "OMP_WAIT_POLICY",
    ];

    private static readonly string[] Libraries = ["libtorch_cpu.so", "libLibTorchSharp.so"]; // the first is needed by the second
    private static readonly string[] Folders = ["", "runtimes/linux-x64/native"]; // of a build, of a publish

    /// <summary>Loads libtorch and sets its threads, or says in one sentence why it cannot be loaded.</summary>
    /// <returns>Facts of the runtime, recorded with every trial.</returns>
    public static SortedDictionary<string, string> Load(int threads)
    {
        try
        {
            LoadLibraries();
            torch.InitializeDeviceType(DeviceType.CPU);
            torch.set_num_threads(threads);
            torch.set_num_interop_threads(1);
        }
        catch (Exception error)
            when (error
                    is DllNotFoundException
                        or NotSupportedException
                        or TypeInitializationException
                        or BadImageFormatException
            )
        {
            throw new HarnessException(
                $"The native library does not load ({Cause(error)}): rebuild with ./harness on this machine, or install what it misses.",
                HarnessException.Infrastructure,
                error
            );
        }

        var facts = Facts();
        facts["libtorch"] = torch.__version__;
        facts["threads"] = threads.ToString(CultureInfo.InvariantCulture);
        facts["allocator"] = string.Join(
            ' ',
            AllocatorVariables.Select(name =>
                $"{name}={Environment.GetEnvironmentVariable(name) ?? "default"}"
            )
        );
        return facts;
    }

    /// <summary>Facts of the runtime without the native library.</summary>
    public static SortedDictionary<string, string> Facts() =>
        new(StringComparer.Ordinal)
        {
            ["build"] = typeof(Backend).Assembly.GetName().Version?.ToString() ?? "unknown",
            ["dotnet"] = Environment.Version.ToString(),
        };

    // TorchSharp would look on where the system's loader gave up: it prints a page to standard output, copies half a
    // gigabyte out of the package cache, and blames a missing package. So what it needs is loaded before it looks.
    private static void LoadLibraries()
    {
        foreach (var name in Libraries)
        {
            var path =
                Folders
                    .Select(folder => Path.Combine(AppContext.BaseDirectory, folder, name))
                    .FirstOrDefault(File.Exists)
                ?? throw new DllNotFoundException($"{name} is not beside the program");
            NativeLibrary.Load(path);
        }
    }

    // The runtime's own words come first, those of the system's loader last.
    private static string Cause(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error
            .Message.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]
            .Trim()
            .TrimEnd('.');
    }
}

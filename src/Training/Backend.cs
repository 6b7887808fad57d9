using System.Globalization;
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

    /// <summary>Loads libtorch and sets its threads, or says in one sentence why it cannot be loaded.</summary>
    /// <returns>Facts of the runtime, recorded with every trial.</returns>
    public static SortedDictionary<string, string> Load(int threads)
    {
        try
        {
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
                $"The native library of TorchSharp does not load: {Cause(error)} Install libstdc++ 13 or newer, or rebuild with ./harness on this machine.",
                HarnessException.Infrastructure,
                error
            );
        }

        return new(StringComparer.Ordinal)
        {
            ["libtorch"] = torch.__version__,
            ["threads"] = threads.ToString(CultureInfo.InvariantCulture),
            ["allocator"] = string.Join(
                ' ',
                AllocatorVariables.Select(name =>
                    $"{name}={Environment.GetEnvironmentVariable(name) ?? "default"}"
                )
            ),
            ["build"] = typeof(Backend).Assembly.GetName().Version?.ToString() ?? "unknown",
            ["dotnet"] = Environment.Version.ToString(),
        };
    }

    private static string Cause(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error.Message.Split('\n')[0].TrimEnd('.') + ".";
    }
}

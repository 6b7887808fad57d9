using System.Globalization;
using Harness.Domain.Telemetry;

namespace Harness.Worker.Attempts;

/// <summary>The environment of a trainer: built from an allow-list, so that no secret of the worker reaches it.</summary>
public static class TrainerEnvironment
{
    // glibc gives big blocks back after each step and faults them in again: two to three times the CPU on attention.
    private const string NeverTrim = "4000000000";

    private static readonly string[] Passed =
    [
        "PATH",
        "LANG",
        "DOTNET_ROOT",
        "HARNESS_DATA",
        "CUDA_VISIBLE_DEVICES",
    ];

    // Where spans go, and whose they are. Not OTEL_EXPORTER_OTLP_HEADERS, which may hold a collector's token: a
    // trainer runs code of models and tasks. Where a collector asks for one, put an open one on the host before it.
    private static readonly string[] PassedWithTelemetry =
    [
        HarnessTelemetry.EndpointVariable,
        "OTEL_EXPORTER_OTLP_PROTOCOL",
        "OTEL_RESOURCE_ATTRIBUTES",
    ];

    /// <summary>All variables of a trainer. Whose trace it belongs to, it reads with its trial.</summary>
    /// <param name="threads">Threads of its trial.</param>
    /// <param name="folder">Where it works.</param>
    public static SortedDictionary<string, string> Of(int threads, string folder)
    {
        var variables = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = folder,
            ["TMPDIR"] = folder,
            ["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture),
            ["OMP_WAIT_POLICY"] = "passive", // threads that spin cost ten to twenty times the CPU on a busy machine
            ["MALLOC_TRIM_THRESHOLD_"] = NeverTrim,
            ["MALLOC_MMAP_THRESHOLD_"] = NeverTrim,
            ["DOTNET_gcServer"] = "0",
            ["DOTNET_EnableDiagnostics"] = "0",
            ["DOTNET_TieredPGO"] = "0",
        };
        foreach (
            var name in HarnessTelemetry.Enabled ? [.. Passed, .. PassedWithTelemetry] : Passed
        )
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                variables[name] = value;
            }
        }

        if (variables.TryGetValue(HarnessTelemetry.EndpointVariable, out var endpoint))
        {
            variables[HarnessTelemetry.EndpointVariable] = WithoutUser(endpoint);
        }

        return variables;
    }

    // A URL may carry a name and a password before its host.
    private static string WithoutUser(string url) =>
        new Uri(url) is { UserInfo: { Length: > 0 } user }
            ? url.Replace($"{user}@", "", StringComparison.Ordinal)
            : url;
}

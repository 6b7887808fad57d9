using System.Diagnostics;
using Harness.EndToEnd.Tests.Runs;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>Telemetry is off unless an endpoint is set: then not even the exporter's code is in the process.</summary>
public sealed class SwitchTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(false)]
    [InlineData(false, "OTEL_SERVICE_NAME=mine", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=collector:4317")]
    [InlineData(false, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1", "OTEL_SDK_DISABLED=true")]
    [InlineData(true, "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:1")]
    public async Task A_worker_loads_the_exporter_only_where_an_endpoint_is_set(
        bool isLoaded,
        params string[] variables
    )
    {
        var start = new ProcessStartInfo("dotnet", [HarnessScript.Program("Worker")])
        {
            RedirectStandardError = true,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("OTEL_", StringComparison.Ordinal))
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }

        // A silo that nobody finds: the worker is up when it says so.
        start.Environment["HARNESS_SILO_URL"] = "http://127.0.0.1:1";
        start.Environment["HARNESS_JOIN_TOKEN"] = "none";
        var scratch = Directory.CreateTempSubdirectory("harness-switch-").FullName;
        start.Environment["HARNESS_SCRATCH"] = scratch;
        foreach (var variable in variables)
        {
            start.Environment[variable.Split('=')[0]] = variable.Split('=')[1];
        }

        using var worker = Process.Start(start)!;
        try
        {
            await SaysAsync(worker, "does not answer");

            var loaded = await File.ReadAllTextAsync(
                $"/proc/{worker.Id}/maps",
                TestContext.Current.CancellationToken
            );
            loaded.ShouldContain("Harness.Worker.dll");
            loaded.Contains("OpenTelemetry.Exporter", StringComparison.Ordinal).ShouldBe(isLoaded);
        }
        finally
        {
            worker.Kill();
            await worker.WaitForExitAsync(TestContext.Current.CancellationToken);
            Directory.Delete(scratch, recursive: true);
        }
    }

    private static async Task SaysAsync(Process worker, string text)
    {
        using var deadline = new CancellationTokenSource(Patience);
        var said = new List<string>();
        while (await worker.StandardError.ReadLineAsync(deadline.Token) is { } line)
        {
            said.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException(
            $"the worker ended without saying '{text}': {string.Join('\n', said)}"
        );
    }
}

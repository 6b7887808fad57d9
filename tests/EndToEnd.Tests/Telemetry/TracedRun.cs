using System.Text.Json;
using Harness.EndToEnd.Tests.Runs;
using Harness.EndToEnd.Tests.Storage;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>Whole runs of the product load both cores: they come after the tests that have deadlines.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class WholeRuns : ICollectionFixture<TracedRun>
{
    public const string Name = "Whole runs";
}

/// <summary>One <c>harness run</c> of two trials that tells a collector, seen when all its programs have ended.</summary>
public sealed class TracedRun : IAsyncLifetime
{
    /// <summary>Stands for the token of a collector that asks for one.</summary>
    public const string CollectorToken = "token-of-the-collector";

    public const string Sweep = """
        version: 1
        name: traced
        parameters:
          model: {values: [rnn, gru]}
          task: {value: parity}
          width: {value: 8}
        seeds: 1
        probes: [gradient-flow]
        budget: {steps: 4}
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HarnessScript _harness = new();
    private OtlpReceiver? _receiver;

    internal OtlpReceiver Received => _receiver!;

    /// <summary>The trials as <c>run --json</c> prints them.</summary>
    public IReadOnlyList<JsonElement> Trials { get; private set; } = [];

    /// <summary>Environments of the trainers, a line a variable.</summary>
    public string TrainerEnvironment { get; private set; } = "";

    /// <summary>Passwords and tokens of the data folder.</summary>
    public IReadOnlyList<string> Secrets { get; private set; } = [];

    /// <summary>Log of the silo.</summary>
    public string SiloLog { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        if (!CanRun)
        {
            return;
        }

        _receiver = await OtlpReceiver.StartAsync();
        var environment = Path.Combine(_harness.Data, "trainer-environment");
        _harness.Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = _receiver.Endpoint;
        _harness.Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        _harness.Variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"authorization=Bearer {CollectorToken}";
        _harness.Variables["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=tests";
        _harness.Variables["HARNESS_TRAINER"] = await WriteTrainerAsync(environment);
        var run = await _harness.RunAsync(
            Patience,
            "run",
            await _harness.WriteSweepAsync(Sweep),
            "--workers",
            "1",
            "--json"
        );
        run.ExitCode.ShouldBe(0, run.Messages);
        Trials = [.. run.Json().GetProperty("trials").EnumerateArray()];
        TrainerEnvironment = await File.ReadAllTextAsync(environment);
        Secrets =
        [
            .. Directory
                .GetFiles(Path.Combine(_harness.Data, "secrets"))
                .Select(file => File.ReadAllText(file).Trim()),
        ];
        SiloLog = await File.ReadAllTextAsync(Path.Combine(_harness.Data, "logs", "silo.log"));
    }

    /// <summary>Without PostgreSQL's programs a run is skipped; on CI it fails.</summary>
    public static void Require() => Assert.SkipUnless(CanRun, "no PostgreSQL server binaries");

    private static bool CanRun =>
        PrivatePostgres.FindBinaries() is not null
        || Environment.GetEnvironmentVariable("CI") == "true";

    public async ValueTask DisposeAsync()
    {
        await _harness.DisposeAsync();
        if (_receiver is not null)
        {
            await _receiver.DisposeAsync();
        }
    }

    // The trainer behind a script that writes down what it was given.
    private async Task<string> WriteTrainerAsync(string environment)
    {
        var script = Path.Combine(_harness.Data, "trainer");
        await File.WriteAllTextAsync(
            script,
            $"""
            #!/bin/sh
            env >>"{environment}"
            exec dotnet "{HarnessScript.Program("Training")}"

            """
        );
        File.SetUnixFileMode(
            script,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        return script;
    }
}

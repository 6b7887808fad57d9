using System.Text.Json.Serialization;
using Harness.Cli.Commands;
using Harness.Cli.Launcher;
using Harness.Domain.Metrics;

namespace Harness.Cli;

/// <summary>JSON that only this program writes: between the launcher's own processes, and of commands without an API call.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(SupervisorLine))]
[JsonSerializable(typeof(UpDocument))]
[JsonSerializable(typeof(DownDocument))]
[JsonSerializable(typeof(UpgradeDocument))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(IReadOnlyList<MetricDefinition>))]
[JsonSerializable(typeof(IReadOnlyList<DoctorFinding>))]
internal sealed partial class CliJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using Harness.Cli.Launcher;

namespace Harness.Cli;

/// <summary>JSON that stays between the launcher's own processes.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Connection))]
[JsonSerializable(typeof(SupervisorLine))]
internal sealed partial class CliJson : JsonSerializerContext;

using System.CommandLine;

namespace Harness.Cli.Commands;

/// <summary>Options that several commands share.</summary>
public static class Options
{
    /// <summary>The data folder.</summary>
    public static Option<string> Data { get; } =
        new("--data")
        {
            Description = "Data folder of a local run.",
            DefaultValueFactory = _ => ".harness",
            Recursive = true,
        };

    /// <summary>A cluster.</summary>
    public static Option<string?> Server { get; } =
        new("--server")
        {
            Description = "URL of a cluster's dashboard; needs HARNESS_TOKEN.",
            Recursive = true,
        };

    /// <summary>One JSON document on standard output.</summary>
    public static Option<bool> Json { get; } =
        new("--json")
        {
            Description = "One JSON document on standard output, messages on standard error.",
            Recursive = true,
        };

    /// <summary>Values over those of the file.</summary>
    public static Option<string[]> Set() =>
        new("--set")
        {
            Description = "Value over the file's, e.g. --set budget.steps=50.",
            AllowMultipleArgumentsPerToken = false,
        };

    /// <summary>Number of workers.</summary>
    public static Option<int> Workers() =>
        new("--workers")
        {
            Description = "Worker programs; the cores are shared out among them.",
            DefaultValueFactory = _ => 1,
        };

    /// <summary>Port of the dashboard.</summary>
    public static Option<int> Port() =>
        new("--port") { Description = "Port of the dashboard on 127.0.0.1; 0: any free one." };

    /// <summary>A sweep.</summary>
    public static Argument<string> Sweep() =>
        new("sweep") { Description = "S-7, or last.", DefaultValueFactory = _ => "last" };

    /// <summary>Splits <c>key=value</c>.</summary>
    public static KeyValuePair<string, string> Split(string pair) =>
        pair.IndexOf('=') is var at and > 0
            ? new(pair[..at], pair[(at + 1)..])
            : throw new Domain.HarnessException(
                $"--set {pair} is no key=value: write e.g. --set budget.steps=50.",
                Domain.HarnessException.BadInput
            );
}

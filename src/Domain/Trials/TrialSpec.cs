using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Harness.Domain.Trials;

/// <summary>One training job: every setting that can move a number, and nothing else.</summary>
public sealed record TrialSpec
{
    /// <summary>Name of the sequence model, e.g. <c>gru</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Name of the sequence task, e.g. <c>copy-memory</c>.</summary>
    public required string Task { get; init; }

    /// <summary>Key of every random stream of the trial.</summary>
    public required long Seed { get; init; }

    /// <summary>Block number or memory repeat; part of the identity, of no random stream.</summary>
    public int Repeat { get; init; }

    /// <summary>
    /// All other settings by name, defaults filled in: of the model, the task, the training, the limits
    /// (<c>threads</c>, <c>max_trial_time</c> in seconds, <c>memory</c> in bytes) and <c>probes</c> (sorted names, comma between).
    /// </summary>
    public required SortedDictionary<string, SettingValue> Settings { get; init; }

    /// <summary>SHA-256 of the data file that the task reads; null for tasks that draw their data.</summary>
    public string? DataHash { get; init; }

    /// <summary>Raised when the same settings would give other numbers.</summary>
    public required int Numerics { get; init; }

    /// <summary>Hash of all of the above: 64 hexadecimal digits.</summary>
    public string Identity() => Convert.ToHexStringLower(SHA256.HashData(Bytes()));

    /// <summary>All of the above as canonical JSON, and the hash of that: both at the cost of one.</summary>
    public (string Json, string Identity) Written()
    {
        var bytes = Bytes();
        return (Encoding.UTF8.GetString(bytes), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The integer setting of that name.</summary>
    public int Integer(string name) => checked((int)Value(name).Integer);

    /// <summary>The number of that name.</summary>
    public double Number(string name) => Value(name).Number;

    /// <summary>The text of that name.</summary>
    public string Text(string name) => Value(name).Text;

    /// <summary>The flag of that name.</summary>
    public bool Flag(string name) => Value(name).Flag;

    /// <summary>Names of the probes, sorted.</summary>
    public IReadOnlyList<string> Probes() =>
        Text("probes").Split(',', StringSplitOptions.RemoveEmptyEntries);

    private SettingValue Value(string name) =>
        Settings.TryGetValue(name, out var value)
            ? value
            : throw new KeyNotFoundException($"the trial has no setting '{name}'");

    private byte[] Bytes() =>
        JsonSerializer.SerializeToUtf8Bytes(Canonical(), DomainJson.Default.TrialSpec);

    private TrialSpec Canonical() =>
        Settings.Comparer == StringComparer.Ordinal
            ? this
            : this with
            {
                Settings = new SortedDictionary<string, SettingValue>(
                    Settings,
                    StringComparer.Ordinal
                ),
            };
}

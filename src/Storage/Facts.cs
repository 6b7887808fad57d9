using System.Security.Cryptography;
using System.Text.Json;
using Harness.Domain;

namespace Harness.Storage;

/// <summary>Facts of hardware or of a runtime, named by their hash: equal facts are one row.</summary>
/// <param name="Id">Twelve hexadecimal digits.</param>
/// <param name="Json">The facts, sorted by name.</param>
public sealed record Facts(string Id, string Json)
{
    /// <summary>Names these facts.</summary>
    public static Facts Of(IReadOnlyDictionary<string, string> facts)
    {
        var sorted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in facts)
        {
            sorted[name] = value;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(
            sorted,
            DomainJson.Default.SortedDictionaryStringString
        );
        return new Facts(
            Convert.ToHexStringLower(SHA256.HashData(json))[..12],
            System.Text.Encoding.UTF8.GetString(json)
        );
    }
}

using System.Security.Cryptography;
using System.Text;
using Harness.Dashboard.Problems;
using Harness.Domain.Api;

namespace Harness.Dashboard.Sweeps;

/// <summary>What the address of a submit says beside the file.</summary>
/// <param name="IsDryRun">Whether nothing is written.</param>
/// <param name="IsFresh">Whether every trial is measured anew.</param>
/// <param name="Overrides">Values that stand in for those of the file.</param>
public sealed record SubmitQuery(
    bool IsDryRun,
    bool IsFresh,
    IReadOnlyList<KeyValuePair<string, string>> Overrides
)
{
    /// <summary>The header.</summary>
    public const string KeyHeader = "Idempotency-Key";

    private static readonly string[] Names = ["dry_run", "fresh", "set"];

    /// <summary>Reads it; the problem, when something in it is not understood.</summary>
    public static (SubmitQuery? Query, ProblemAnswer? Problem) Read(IQueryCollection query)
    {
        if (query.Keys.FirstOrDefault(key => !Names.Contains(key)) is { } unknown)
        {
            return (
                null,
                ProblemAnswer.BadQuery(
                    $"'{unknown}' is no option of a submit.",
                    Names,
                    unknown,
                    unknown
                )
            );
        }

        if (!TryFlag(query, "dry_run", out var isDryRun) || !TryFlag(query, "fresh", out var fresh))
        {
            return (
                null,
                ProblemAnswer.BadQuery(
                    "'dry_run' and 'fresh' are flags: true or false.",
                    ["true", "false"]
                )
            );
        }

        var overrides = new List<KeyValuePair<string, string>>();
        foreach (var pair in query["set"])
        {
            var equals = pair?.IndexOf('=', StringComparison.Ordinal) ?? -1;
            if (equals < 1)
            {
                return (
                    null,
                    ProblemAnswer.BadQuery($"'set' is '{pair}': write set=key=value.", name: "set")
                );
            }

            overrides.Add(new(pair![..equals], pair[(equals + 1)..]));
        }

        return (new SubmitQuery(isDryRun, fresh, overrides), null);
    }

    /// <summary>Reads <c>Idempotency-Key</c>; the problem, when it is no key. None at all is fine.</summary>
    /// <param name="request">The submit.</param>
    /// <param name="text">The sweep file.</param>
    public (SubmitKey? Key, ProblemAnswer? Problem) Key(HttpRequest request, string text)
    {
        if (!request.Headers.TryGetValue(KeyHeader, out var given))
        {
            return (null, null);
        }

        var key = given.ToString();
        return
            key.Length is > 0 and <= SubmitKey.Longest
            && !key.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? (new SubmitKey(key, Hash(text)), null)
            : (
                null,
                ProblemAnswer.Of(
                    StatusCodes.Status400BadRequest,
                    "idempotency-key-invalid",
                    "Bad Idempotency-Key",
                    $"'{KeyHeader}' takes 1 to {SubmitKey.Longest} visible characters, such as a UUID; this one has {key.Length}."
                )
            );
    }

    // What is measured follows from the file, from what was put over it, and from whether it is measured anew.
    private string Hash(string text) =>
        Convert.ToHexStringLower(
            SHA256.HashData(
                Encoding.UTF8.GetBytes(
                    string.Join(
                        '\n',
                        Overrides
                            .Select(pair => $"{pair.Key}={pair.Value}")
                            .Prepend(IsFresh ? "fresh" : "")
                            .Append(text)
                    )
                )
            )
        );

    private static bool TryFlag(IQueryCollection query, string name, out bool value)
    {
        value = false;
        return !query.TryGetValue(name, out var text) || bool.TryParse(text, out value);
    }
}

using System.Text;
using Harness.Cli.Client;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Sweeps;

namespace Harness.Cli.Commands;

/// <summary>A sweep file that was read and found right.</summary>
/// <param name="File">Name as the person gave it.</param>
/// <param name="Text">Its text.</param>
/// <param name="Overrides">Values of <c>--set</c>.</param>
/// <param name="Spec">What it says.</param>
public sealed record SpecSource(
    string File,
    string Text,
    IReadOnlyList<KeyValuePair<string, string>> Overrides,
    SweepSpec Spec
)
{
    private const int LargestBytes = 256 * 1024;

    /// <summary>Media type of the text.</summary>
    public string MediaType =>
        Text.AsSpan().TrimStart() is ['{', ..] ? "application/json" : "application/yaml";

    /// <summary>The query of a submit.</summary>
    public string Query(bool fresh) =>
        "?"
        + string.Join(
            '&',
            Overrides
                .Select(pair => $"set={Uri.EscapeDataString($"{pair.Key}={pair.Value}")}")
                .Append($"fresh={(fresh ? "true" : "false")}")
        );

    /// <summary>Reads a file, or standard input for <c>-</c>; every fault of it is thrown at once.</summary>
    public static SpecSource Read(
        string file,
        IReadOnlyList<KeyValuePair<string, string>> overrides
    )
    {
        var text = TextOf(file);
        var result = SweepFile.Parse(text, overrides);
        return result.Spec is { } spec
            ? new(file, text, overrides, spec)
            : throw new ProblemException(
                new()
                {
                    Type = "/problems/spec-invalid",
                    Title = "The sweep file is not valid",
                    Status = 422,
                    Detail = $"{file} has {result.Problems.Count} fault(s); nothing was written.",
                    Errors = result.Problems,
                },
                ProblemText.Of(file, text, result.Problems)
            );
    }

    private static string TextOf(string file)
    {
        try
        {
            if (file == "-")
            {
                return Console.In.ReadToEnd();
            }

            if (new FileInfo(file) is { Exists: true, Length: > LargestBytes })
            {
                throw new HarnessException(
                    $"{file} is larger than {LargestBytes / 1024} KiB, the limit of a sweep file.",
                    HarnessException.BadInput
                );
            }

            return System.IO.File.ReadAllText(
                file,
                new UTF8Encoding(false, throwOnInvalidBytes: true)
            );
        }
        catch (DecoderFallbackException error)
        {
            throw new HarnessException(
                $"The sweep file {file} is no UTF-8 text: save it as UTF-8.",
                HarnessException.BadInput,
                error
            );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException(
                $"The sweep file {file} cannot be read: {error.Message}",
                HarnessException.BadInput,
                error
            );
        }
    }
}

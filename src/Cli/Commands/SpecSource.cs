using Harness.Cli.Client;
using Harness.Cli.Output;
using Harness.Domain;
using Harness.Domain.Api;
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
    /// <summary>Media type of the text: its name decides whether it is held to JSON's grammar.</summary>
    public string MediaType => IsJson(File) ? "application/json" : "application/yaml";

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
        var bytes = BytesOf(file);
        var (text, fault) = SpecText.Decode(bytes);
        if (fault is not null)
        {
            // The line is shown by a reader that forgives.
            using var shown = new StreamReader(new MemoryStream(bytes));
            throw Faulty(file, shown.ReadToEnd(), [fault]);
        }

        var result = SweepFile.Parse(text!, overrides, IsJson(file));
        return result.Spec is { } spec
            ? new(file, text!, overrides, spec)
            : throw Faulty(file, text!, result.Problems);
    }

    private static bool IsJson(string file) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static ProblemException Faulty(
        string file,
        string text,
        IReadOnlyList<SpecProblem> problems
    ) =>
        new(
            new()
            {
                Type = "/problems/spec-invalid",
                Title = "The sweep file is not valid",
                Status = 422,
                Detail = $"{file} has {problems.Count} fault(s); nothing was written.",
                Errors = problems,
            },
            ProblemText.Of(file, text, problems)
        );

    private static byte[] BytesOf(string file)
    {
        try
        {
            using Stream content =
                file == "-" ? Console.OpenStandardInput() : System.IO.File.OpenRead(file);
            // One byte more than allowed is enough to know; a device or a pipe may have no end.
            var bytes = new byte[YamlReader.MaxBytes + 1];
            var length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= YamlReader.MaxBytes
                ? bytes[..length]
                : throw new HarnessException(
                    $"{file} is larger than {YamlReader.MaxBytes / 1024} KiB, the limit of a sweep file: write values as distributions instead of lists.",
                    HarnessException.BadInput
                );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            var reason = Directory.Exists(file)
                ? "it is a folder"
                : error.Message.Split(" '")[0].TrimEnd('.');
            throw new HarnessException(
                $"The sweep file {file} cannot be read ({reason}): give the path of a YAML or JSON file, or - for standard input.",
                HarnessException.BadInput,
                error
            );
        }
    }
}

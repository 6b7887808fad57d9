using System.Net.Http.Headers;
using Harness.Dashboard.Problems;
using Harness.Domain.Sweeps;

namespace Harness.Dashboard.Sweeps;

/// <summary>Reads the body of a submit, within limits and before anything is parsed.</summary>
public static class SpecBody
{
    private const int Most = YamlReader.MaxBytes;

    private const string Json = "application/json";
    private static readonly string[] Types =
    [
        "application/yaml",
        "application/x-yaml",
        "text/yaml",
        Json,
    ];

    /// <summary>The text and whether it says that it is JSON, or the problem.</summary>
    public static async Task<(string? Text, bool IsJson, ProblemAnswer? Problem)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !Types.Contains(type.MediaType, StringComparer.OrdinalIgnoreCase)
        )
        {
            return (null, false, WrongType);
        }

        if (request.ContentLength > Most)
        {
            return (null, false, TooLarge);
        }

        // One byte more than allowed is enough to know; a body without a length is read no further.
        var buffer = new byte[Most + 1];
        var length = await request.Body.ReadAtLeastAsync(
            buffer,
            buffer.Length,
            throwOnEndOfStream: false,
            cancellation
        );
        if (length > Most)
        {
            return (null, false, TooLarge);
        }

        var (text, fault) = SpecText.Decode(buffer.AsSpan(0, length));
        return fault is null
            ? (text, string.Equals(type.MediaType, Json, StringComparison.OrdinalIgnoreCase), null)
            : (null, false, SpecFaults.Answer([fault]));
    }

    private static ProblemAnswer WrongType { get; } =
        ProblemAnswer.WrongType("the sweep file", "application/yaml", Json);

    private static ProblemAnswer TooLarge { get; } =
        ProblemAnswer.Of(
            StatusCodes.Status413PayloadTooLarge,
            "body-too-large",
            "Sweep file too large",
            "A sweep file has 256 KiB at most; write values as distributions instead of lists."
        );
}

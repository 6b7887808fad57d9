using System.Net.Http.Headers;
using System.Text;
using Harness.Dashboard.Problems;

namespace Harness.Dashboard.Sweeps;

/// <summary>Reads the body of a submit, within limits and before anything is parsed.</summary>
public static class SpecBody
{
    /// <summary>Bytes of a sweep file at most.</summary>
    public const int Most = 256 * 1024;

    private static readonly string[] Types =
    [
        "application/yaml",
        "application/x-yaml",
        "text/yaml",
        "application/json",
    ];

    /// <summary>The text, or the problem.</summary>
    public static async Task<(string? Text, ProblemAnswer? Problem)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellation
    )
    {
        if (
            !MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !Types.Contains(type.MediaType, StringComparer.OrdinalIgnoreCase)
        )
        {
            return (null, WrongType);
        }

        if (request.ContentLength > Most)
        {
            return (null, TooLarge);
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
            return (null, TooLarge);
        }

        try
        {
            return (
                new UTF8Encoding(false, true).GetString(buffer, 0, length).TrimStart('\uFEFF'),
                null
            );
        }
        catch (DecoderFallbackException)
        {
            return (null, NotText);
        }
    }

    private static ProblemAnswer WrongType { get; } =
        ProblemAnswer.Of(
            StatusCodes.Status415UnsupportedMediaType,
            "media-type",
            "Wrong content type",
            "Send the sweep file as application/yaml or application/json."
        );

    private static ProblemAnswer TooLarge { get; } =
        ProblemAnswer.Of(
            StatusCodes.Status413PayloadTooLarge,
            "body-too-large",
            "Sweep file too large",
            "A sweep file has 256 KiB at most; write values as distributions instead of lists."
        );

    private static ProblemAnswer NotText { get; } =
        ProblemAnswer.Of(
            StatusCodes.Status422UnprocessableEntity,
            "spec-invalid",
            "The sweep file has faults",
            "The sweep file is not UTF-8 text; save it as UTF-8."
        );
}

using Harness.Domain;
using Harness.Domain.Sweeps;

namespace Harness.Cli.Commands;

/// <summary>A sweep file that was read and found right.</summary>
/// <param name="File">Its path.</param>
/// <param name="Text">Its text.</param>
/// <param name="Settings">Values put over it.</param>
/// <param name="Spec">What it says.</param>
public sealed record SpecText(
    string File,
    string Text,
    IReadOnlyList<string> Settings,
    SweepSpec Spec
)
{
    /// <summary>Reads and checks a file before anything is started or written.</summary>
    public static SpecText Read(string file, IReadOnlyList<string> settings)
    {
        string text;
        try
        {
            text = System.IO.File.ReadAllText(
                file,
                new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true)
            );
        }
        catch (Exception error)
            when (error
                    is IOException
                        or UnauthorizedAccessException
                        or System.Text.DecoderFallbackException
            )
        {
            var reason =
                error is System.Text.DecoderFallbackException
                    ? "it is no UTF-8 text"
                    : error.Message.TrimEnd('.');
            throw new HarnessException(
                $"The sweep file {file} cannot be read: {reason}.",
                HarnessException.BadInput,
                error
            );
        }

        var result = SweepFile.Parse(text, [.. settings.Select(Options.Split)]);
        return result.Spec is { } spec
            ? new SpecText(file, text, settings, spec)
            : throw new FileException(file, text, result.Problems);
    }
}

/// <summary>Mistakes of a file that lies here.</summary>
/// <param name="file">Its path.</param>
/// <param name="text">Its text.</param>
/// <param name="problems">Its mistakes.</param>
public sealed class FileException(
    string file,
    string text,
    IReadOnlyList<Domain.Api.SpecProblem> problems
) : Exception("The sweep file has mistakes.")
{
    /// <summary>Path.</summary>
    public string File { get; } = file;

    /// <summary>Text.</summary>
    public string Text { get; } = text;

    /// <summary>Mistakes.</summary>
    public IReadOnlyList<Domain.Api.SpecProblem> Problems { get; } = problems;
}

using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Client;

/// <summary>An input that was refused, with every reason.</summary>
/// <param name="document">What the API answers, or the same made here.</param>
/// <param name="text">For people.</param>
public sealed class ProblemException(ProblemDocument document, string text) : Exception(text)
{
    /// <summary>The document.</summary>
    public ProblemDocument Document { get; } = document;

    /// <summary>2 where the input is wrong, 3 where the server is.</summary>
    public int ExitCode =>
        Document.Status is >= 400 and < 500 and not (401 or 403 or 429)
            ? HarnessException.BadInput
            : HarnessException.Infrastructure;
}

namespace Harness.Domain;

/// <summary>
/// A message for a person: what is wrong and what to do, in one sentence. Programs print it without a stack.
/// </summary>
/// <param name="message">One sentence that says what to do.</param>
/// <param name="exitCode">2 bad input, 3 infrastructure (the table of exit codes in the README).</param>
/// <param name="inner">The cause, for the log.</param>
public sealed class HarnessException(
    string message,
    int exitCode = HarnessException.Infrastructure,
    Exception? inner = null
) : Exception(message, inner)
{
    /// <summary>Exit code of bad input.</summary>
    public const int BadInput = 2;

    /// <summary>Exit code of missing or broken infrastructure.</summary>
    public const int Infrastructure = 3;

    /// <summary>The exit code of the program that meets it.</summary>
    public int ExitCode { get; } = exitCode;
}

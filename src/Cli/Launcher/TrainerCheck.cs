using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Whether the trainer's native library loads on this machine.</summary>
public static class TrainerCheck
{
    /// <summary>Loads it in a process of its own; throws with the true cause where it does not load.</summary>
    /// <returns>Version of libtorch.</returns>
    public static string Require(CancellationToken cancellation = default)
    {
        var (code, output) = Tool.Run(
            Environment.ProcessPath!,
            [Programs.Path("Training"), "--check"],
            cancellation
        );
        var lines = output.Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        // The last line is the answer; a crash of native code has none.
        return code == 0
            ? lines[^1].Replace("ok ", "", StringComparison.Ordinal)
            : throw new HarnessException(
                lines.Length > 0 && code == HarnessException.Infrastructure
                    ? lines[^1]
                    : $"The trainer ends with exit code {code} before it is ready ({lines.FirstOrDefault() ?? "without a word"}): rebuild with ./harness on this machine."
            );
    }
}

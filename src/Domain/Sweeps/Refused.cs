using Harness.Domain.Api;

namespace Harness.Domain.Sweeps;

/// <summary>Ends the reading of a file whose form is wrong.</summary>
internal sealed class Refused(SpecProblem problem) : Exception(problem.Message)
{
    /// <summary>What is wrong.</summary>
    public SpecProblem Problem { get; } = problem;

    /// <summary>A fault of the form: it has a place and no path.</summary>
    public static SpecProblem Of(string code, int line, int column, string message) =>
        new()
        {
            Code = code,
            Path = "",
            Line = line,
            Column = column,
            Message = message,
        };
}

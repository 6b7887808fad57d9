using Harness.Dashboard.Problems;
using Harness.Domain.Api;

namespace Harness.Dashboard.Sweeps;

/// <summary>The answer to a sweep file that has faults: 400 where it is no YAML or JSON at all, 422 where it says something wrong.</summary>
public static class SpecFaults
{
    private static readonly string[] OfForm =
    [
        "spec.empty",
        "encoding",
        "yaml.syntax",
        "json.syntax",
    ];

    /// <summary>All faults, each with its place.</summary>
    public static ProblemAnswer Answer(IReadOnlyList<SpecProblem> faults)
    {
        var detail =
            faults.Count == 1
                ? faults[0].Message
                : $"The sweep file has {faults.Count} faults; nothing was written.";
        return faults is [{ } only] && OfForm.Contains(only.Code)
            ? ProblemAnswer.Of(
                StatusCodes.Status400BadRequest,
                "spec-malformed",
                "The sweep file cannot be read",
                detail,
                faults
            )
            : ProblemAnswer.Of(
                StatusCodes.Status422UnprocessableEntity,
                "spec-invalid",
                "The sweep file has faults",
                detail,
                faults
            );
    }
}

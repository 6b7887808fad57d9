using Harness.Domain;
using Harness.Domain.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Harness.Dashboard.Problems;

/// <summary>
/// What went wrong, as problem+json for programs and as a page for people: the path decides, so that an API never
/// answers HTML.
/// </summary>
public sealed class ProblemAnswer(ProblemDocument problem) : IResult
{
    /// <summary>The problem.</summary>
    public ProblemDocument Problem { get; } = problem;

    /// <summary>A problem of that status and name.</summary>
    public static ProblemAnswer Of(
        int status,
        string name,
        string title,
        string detail,
        params IReadOnlyList<SpecProblem> errors
    ) =>
        new(
            new ProblemDocument
            {
                Type = $"/problems/{name}",
                Title = title,
                Status = status,
                Detail = detail,
                Errors = errors,
            }
        );

    /// <summary>401.</summary>
    public static ProblemAnswer Unauthorized(string detail) =>
        Of(StatusCodes.Status401Unauthorized, "unauthorized", "Token needed", detail);

    /// <summary>404.</summary>
    public static ProblemAnswer NotFound(string what) =>
        Of(StatusCodes.Status404NotFound, "not-found", "Not found", $"There is no {what}.");

    /// <summary>400: a part of the address.</summary>
    public static ProblemAnswer BadQuery(string detail, IReadOnlyList<string>? allowed = null) =>
        Of(
            StatusCodes.Status400BadRequest,
            "query-invalid",
            "Bad query",
            allowed is null ? detail : $"{detail} Allowed: {string.Join(", ", allowed)}."
        );

    /// <summary>503.</summary>
    public static ProblemAnswer Unavailable(string what) =>
        Of(
            StatusCodes.Status503ServiceUnavailable,
            "unavailable",
            "Not available now",
            $"{what} Try again in a moment; 'harness doctor' says what is missing."
        );

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var problem = Problem with
        {
            Instance = Problem.Instance ?? httpContext.Request.Path.Value,
        };
        httpContext.Response.StatusCode = problem.Status;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "2";
        }

        return IsForPeople(httpContext.Request)
            ? new RazorComponentResult<ProblemPage>(
                new Dictionary<string, object?> { [nameof(ProblemPage.Problem)] = problem }
            )
            {
                StatusCode = problem.Status,
            }.ExecuteAsync(httpContext)
            : httpContext.Response.WriteAsJsonAsync(
                problem,
                DomainJson.Default.ProblemDocument,
                "application/problem+json",
                httpContext.RequestAborted
            );
    }

    private static bool IsForPeople(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
}

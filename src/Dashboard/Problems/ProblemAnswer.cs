using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Sweeps;
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
    /// <param name="what">Kind and name, e.g. <c>sweep S-77</c>.</param>
    /// <param name="known">The names that there are, where they are few.</param>
    /// <param name="name">The name that is not among them.</param>
    public static ProblemAnswer NotFound(
        string what,
        IReadOnlyList<string>? known = null,
        string name = ""
    ) =>
        Of(
            StatusCodes.Status404NotFound,
            "not-found",
            "Not found",
            $"There is no {what}.",
            known is null ? [] : [Fault("unknown", "", $"There is no {what}.", known, name)]
        );

    /// <summary>400: an id that is none.</summary>
    public static ProblemAnswer BadId(string detail) =>
        Of(StatusCodes.Status400BadRequest, "id-malformed", "No such id", detail);

    /// <summary>400: a part of the address.</summary>
    /// <param name="detail">What is wrong with it.</param>
    /// <param name="allowed">What would do.</param>
    /// <param name="name">Name of the part; empty where it is none of one part.</param>
    /// <param name="value">What stands there.</param>
    public static ProblemAnswer BadQuery(
        string detail,
        IReadOnlyList<string>? allowed = null,
        string name = "",
        string value = ""
    ) =>
        Of(
            StatusCodes.Status400BadRequest,
            "query-invalid",
            "Bad query",
            detail,
            Fault("query", $"?{name}", detail, allowed, value)
        );

    /// <summary>422: a member of a JSON body.</summary>
    /// <param name="detail">What is wrong with it.</param>
    /// <param name="path">JSON pointer.</param>
    /// <param name="allowed">What would do.</param>
    /// <param name="value">What stands there.</param>
    public static ProblemAnswer BadBody(
        string detail,
        string path = "",
        IReadOnlyList<string>? allowed = null,
        string value = ""
    ) =>
        Of(
            StatusCodes.Status422UnprocessableEntity,
            "body-invalid",
            "Bad request body",
            detail,
            Fault("body", path, detail, allowed, value)
        );

    /// <summary>415: another content type.</summary>
    public static ProblemAnswer WrongType(string what, params IReadOnlyList<string> types)
    {
        var detail = $"Send {what} as {string.Join(" or ", types)}.";
        return Of(
            StatusCodes.Status415UnsupportedMediaType,
            "media-type",
            "Wrong content type",
            detail,
            Fault("media_type", "Content-Type", detail, types, "")
        );
    }

    /// <summary>507.</summary>
    public static ProblemAnswer DiskLow(string sentence) =>
        Of(StatusCodes.Status507InsufficientStorage, "disk-low", "Too little space", sentence);

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
        if (
            problem.Status
            is StatusCodes.Status503ServiceUnavailable
                or StatusCodes.Status507InsufficientStorage
        )
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

    private static SpecProblem Fault(
        string code,
        string path,
        string message,
        IReadOnlyList<string>? allowed,
        string value
    ) =>
        new()
        {
            Code = code,
            Path = path,
            Line = 0,
            Column = 0,
            Message = message,
            Allowed = allowed,
            Suggestion = allowed is null || value.Length == 0 ? null : Nearest.To(value, allowed),
        };

    private static bool IsForPeople(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
        && !request.Path.StartsWithSegments("/assets", StringComparison.Ordinal);
}

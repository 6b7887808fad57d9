using Microsoft.AspNetCore.Diagnostics;

namespace Harness.Dashboard.Problems;

/// <summary>Gives the bare answers of routing (no such path, wrong method) the form of every other problem.</summary>
public static class StatusPages
{
    /// <summary>Writes the problem of a status that has no body yet.</summary>
    public static Task WriteAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        var answer = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ProblemAnswer.NotFound("such address"),
            StatusCodes.Status405MethodNotAllowed => ProblemAnswer.Of(
                StatusCodes.Status405MethodNotAllowed,
                "method-not-allowed",
                "Wrong method",
                $"This address does not take {http.Request.Method}; it takes {http.Response.Headers.Allow}."
            ),
            StatusCodes.Status415UnsupportedMediaType => ProblemAnswer.WrongType(
                "the body",
                "application/json"
            ),
            var status => ProblemAnswer.Of(
                status,
                "request-invalid",
                "Bad request",
                "The request cannot be answered as it is."
            ),
        };
        return answer.ExecuteAsync(http);
    }
}

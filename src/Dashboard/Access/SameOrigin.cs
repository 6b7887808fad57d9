using Harness.Dashboard.Problems;

namespace Harness.Dashboard.Access;

/// <summary>
/// No other site may make a signed-in browser change something here. Browsers say where a request comes from; a caller
/// with a bearer token is no browser that was tricked.
/// </summary>
public sealed class SameOrigin(RequestDelegate next)
{
    /// <summary>Refuses a changing request of another site.</summary>
    public Task InvokeAsync(HttpContext context) =>
        IsAllowed(context.Request)
            ? next(context)
            : ProblemAnswer
                .Of(
                    StatusCodes.Status403Forbidden,
                    "cross-site",
                    "Request of another site",
                    "Another site asked for this change; open the dashboard itself and repeat it there."
                )
                .ExecuteAsync(context);

    private static bool IsAllowed(HttpRequest request)
    {
        if (
            HttpMethods.IsGet(request.Method)
            || HttpMethods.IsHead(request.Method)
            || HttpMethods.IsOptions(request.Method)
            || request.Headers.Authorization.Count > 0
        )
        {
            return true;
        }

        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (
                Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && uri.Authority == request.Host.Value
            );
    }
}

using Harness.Dashboard.Problems;
using Microsoft.AspNetCore.Http.Extensions;

namespace Harness.Dashboard.Access;

/// <summary>
/// A link with <c>?token=…</c> signs a browser in: the token becomes a cookie, and the address loses it before any
/// page is shown, so that it stays out of the history and of referrers.
/// </summary>
public sealed class LoginLink(RequestDelegate next, AccessTokens tokens)
{
    /// <summary>Handles the link; every other request passes.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (
            !HttpMethods.IsGet(request.Method) || !request.Query.TryGetValue("token", out var given)
        )
        {
            return next(context);
        }

        if (tokens.FindToken(given.ToString()) is not { } token)
        {
            return ProblemAnswer
                .Unauthorized(
                    "This link is old or cut off: take the one that 'harness up' printed last."
                )
                .ExecuteAsync(context);
        }

        context.Response.Cookies.Append(
            tokens.CookieName,
            token.Session(),
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Strict,
                Secure = request.IsHttps,
                IsEssential = true,
                Path = "/",
                MaxAge = TimeSpan.FromDays(30),
            }
        );
        var rest = new QueryBuilder(
            request.Query.Where(pair => pair.Key != "token").SelectMany(Values)
        );
        // The path begins with one slash here: two would name another host.
        context.Response.Redirect("/" + request.Path.Value?.TrimStart('/') + rest);
        return Task.CompletedTask;
    }

    private static IEnumerable<KeyValuePair<string, string>> Values(
        KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues> pair
    ) => pair.Value.Select(value => KeyValuePair.Create(pair.Key, value ?? ""));
}

using System.Security.Claims;
using System.Text.Encodings.Web;
using Harness.Dashboard.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Harness.Dashboard.Access;

/// <summary>Knows a caller by the bearer token of its request, or by the cookie that the login link has set.</summary>
public sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    AccessTokens tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string Name = "token";

    private const string Bearer = "Bearer ";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
        Task.FromResult(
            Presented(Context) switch
            {
                (false, _) => AuthenticateResult.NoResult(),
                (true, null) => AuthenticateResult.Fail("unknown token"),
                (true, { } token) => AuthenticateResult.Success(Ticket(token)),
            }
        );

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer";
        return ProblemAnswer
            .Unauthorized(
                "Send the token as 'Authorization: Bearer …' (HARNESS_TOKEN), or open the link that "
                    + "'harness up' prints."
            )
            .ExecuteAsync(Context);
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        ProblemAnswer
            .Of(
                StatusCodes.Status403Forbidden,
                "forbidden",
                "Not allowed",
                $"This token has the role '{Context.User.FindFirstValue(ClaimTypes.Role)}', which may not do this; "
                    + "ask for one that may."
            )
            .ExecuteAsync(Context);

    private (bool Given, AccessToken? Token) Presented(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
                ? (true, tokens.FindToken(header[Bearer.Length..].Trim()))
            : context.Request.Cookies.TryGetValue(tokens.CookieName, out var cookie)
                ? (true, tokens.FindSession(cookie))
            : (false, null);
    }

    private AuthenticationTicket Ticket(AccessToken token) =>
        new(
            new ClaimsPrincipal(
                new ClaimsIdentity(
                    [
                        new(ClaimTypes.Name, token.Name),
                        new(ClaimTypes.Role, token.Role.ToString().ToLowerInvariant()),
                    ],
                    Scheme.Name
                )
            ),
            Scheme.Name
        );
}

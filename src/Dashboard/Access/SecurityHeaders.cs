namespace Harness.Dashboard.Access;

/// <summary>What every answer tells a browser: load nothing from elsewhere, be framed by nobody, pass on no address.</summary>
public sealed class SecurityHeaders(RequestDelegate next)
{
    /// <summary>The policy of pages: scripts and styles are files of our own, none stands inside a page.</summary>
    public const string Policy =
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'";

    /// <summary>Sets the headers; an endpoint may set a stricter policy.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
        return next(context);
    }
}

using Microsoft.AspNetCore.Mvc;

namespace Harness.Silo.Workers;

/// <summary>How much a request may carry.</summary>
internal static class BodyLimit
{
    /// <summary>A longer body is refused with 413 before it is read.</summary>
    public static RouteHandlerBuilder WithBodyLimit(this RouteHandlerBuilder route, int bytes) =>
        route.WithMetadata(new RequestSizeLimitAttribute(bytes));
}

using System.Net;
using Harness.Dashboard.Problems;

namespace Harness.Dashboard.Access;

/// <summary>
/// A name that someone else's DNS can point at this machine is refused (DNS rebinding). Addresses, localhost and names
/// without a dot cannot be re-pointed; any other name must be listed.
/// </summary>
public sealed class HostAllowList(RequestDelegate next, DashboardSettings settings)
{
    /// <summary>Refuses a foreign name.</summary>
    public Task InvokeAsync(HttpContext context) =>
        IsAllowed(context.Request.Host.Host)
            ? next(context)
            : ProblemAnswer
                .Of(
                    StatusCodes.Status400BadRequest,
                    "host-unknown",
                    "Unknown host name",
                    "This name is not the dashboard's: add it to HARNESS_HOSTS where the dashboard starts."
                )
                .ExecuteAsync(context);

    private bool IsAllowed(string host) =>
        host.Length > 0
        && (
            !host.Contains('.', StringComparison.Ordinal)
            || IPAddress.TryParse(host.Trim('[', ']'), out _)
            || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || settings.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase)
        );
}

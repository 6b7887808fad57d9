using Npgsql;

namespace Harness.Silo.Health;

/// <summary>Whether the program lives, and whether it can serve. No token: a container engine asks.</summary>
internal static class HealthEndpoint
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Maps <c>/health/live</c> and <c>/health/ready</c>.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => Results.Text("live"));
        app.MapGet("/health/ready", ReadyAsync);
    }

    // The endpoint opens after the silo has joined its cluster, so only the database is left to ask.
    private static async Task<IResult> ReadyAsync(
        NpgsqlDataSource database,
        CancellationToken cancellation
    )
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(Patience);
        try
        {
            await using var command = database.CreateCommand("select 1");
            await command.ExecuteScalarAsync(limited.Token);
            return Results.Text("ready");
        }
        catch (Exception failure) when (failure is NpgsqlException or OperationCanceledException)
        {
            return Results.Text("the database does not answer", statusCode: 503);
        }
    }
}

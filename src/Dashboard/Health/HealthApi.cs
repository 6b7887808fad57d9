using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Npgsql;

namespace Harness.Dashboard.Health;

/// <summary>What a supervisor asks: whether the program lives, and whether it can serve.</summary>
public static class HealthApi
{
    /// <summary>Adds <c>/health/live</c> and <c>/health/ready</c>, open to anyone: they say nothing of a harness.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", () => TypedResults.Text("ok")).AllowAnonymous();
        routes.MapGet("/health/ready", ReadyAsync).AllowAnonymous();
    }

    private static async Task<IResult> ReadyAsync(
        NpgsqlDataSource db,
        ICluster cluster,
        CancellationToken cancellation
    )
    {
        await using var question = db.CreateCommand("select 1");
        await question.ExecuteScalarAsync(cancellation);
        return cluster.IsConnected
            ? TypedResults.Text("ok")
            : ProblemAnswer.Unavailable("No silo is reachable.");
    }
}

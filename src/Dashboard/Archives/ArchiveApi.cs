using System.IO.Compression;
using System.Reflection;
using System.Security.Claims;
using Harness.Dashboard.Access;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Dashboard.Sweeps;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;
using Harness.Grains.Archives;
using Harness.Storage.Readers;
using Microsoft.AspNetCore.Http.Features;

namespace Harness.Dashboard.Archives;

/// <summary>The people's API of archives: a sweep as one file, and back.</summary>
public static class ArchiveApi
{
    private const long LargestFile = 4L << 30; // bytes; a million points take about ten megabytes
    private const int PartCharacters = 1 << 20; // of one call of the silo

    /// <summary>Adds <c>GET /api/v1/sweeps/{sweep}/archive</c> and <c>POST /api/v1/archives</c>.</summary>
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/api/v1/sweeps/{sweep}/archive", WriteAsync)
            .RequireAuthorization(Policies.Read);
        // It writes results that nobody here has measured, so it is the admin's.
        routes.MapPost("/api/v1/archives", RestoreAsync).RequireAuthorization(Policies.Admin);
    }

    private static async Task<IResult> WriteAsync(
        SweepReader sweeps,
        ICluster cluster,
        ILogger<ArchiveManifest> logger,
        string sweep,
        HttpContext http
    )
    {
        if (await SweepLookup.IdAsync(sweeps, sweep, http.RequestAborted) is not { } id)
        {
            return SweepLookup.Missing(sweep);
        }

        var summary = (await sweeps.SummaryAsync(id, http.RequestAborted))!;
        if (
            summary.State
            is not (
                SweepState.Completed
                or SweepState.CompletedWithFailures
                or SweepState.Cancelled
            )
        )
        {
            return ProblemAnswer.Of(
                StatusCodes.Status409Conflict,
                "wrong-state",
                "Not now",
                $"Sweep {Ids.Sweep(id)} is {Words.Of(summary.State)}; only one that has ended can be archived."
            );
        }

        var grain = cluster.Grains.GetGrain<IArchiveGrain>(id);
        var manifest = new ArchiveManifest
        {
            Format = ArchiveManifest.Version,
            Harness = Version(),
            Store = await grain.StoreAsync(),
            Sweep = Ids.Sweep(id),
            Entries = [],
        };
        // The library writes the few bytes around each packed file at once.
        http.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        http.Response.ContentType = "application/zip";
        http.Response.Headers.ContentDisposition =
            $"attachment; filename=\"{Ids.Sweep(id)}.harness.zip\"";
        try
        {
            await ArchiveFile.WriteAsync(
                http.Response.Body,
                manifest,
                grain.ReadAsync,
                http.RequestAborted
            );
        }
        catch (Exception broken) when (http.Response.HasStarted)
        {
            logger.LogError(broken, "the archive of {Sweep} was broken off", Ids.Sweep(id));
            http.Abort(); // a file that ends early must not look whole
        }

        return Results.Empty;
    }

    private static async Task<IResult> RestoreAsync(
        ICluster cluster,
        ClaimsPrincipal user,
        HttpContext http
    )
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize =
            LargestFile;
        await using var file = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()),
            FileMode.CreateNew,
            FileAccess.ReadWrite,
            FileShare.None,
            1 << 16,
            FileOptions.DeleteOnClose | FileOptions.Asynchronous
        );
        await http.Request.Body.CopyToAsync(file, http.RequestAborted);
        file.Position = 0;
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            var manifest = ArchiveFile.Check(zip);
            return await ReadBackAsync(
                cluster.Grains.GetGrain<IRestoreGrain>(Guid.NewGuid()),
                zip,
                manifest,
                user.Identity!.Name!,
                http.RequestAborted
            );
        }
        catch (InvalidDataException damaged)
        {
            return Refused(
                damaged.Message.StartsWith("The ", StringComparison.Ordinal)
                    ? damaged.Message
                    : $"The file is no whole archive of a sweep: {damaged.Message}"
            );
        }
    }

    private static async Task<IResult> ReadBackAsync(
        IRestoreGrain grain,
        ZipArchive zip,
        ArchiveManifest manifest,
        string by,
        CancellationToken cancellation
    )
    {
        await grain.BeginAsync(manifest.Store, by);
        try
        {
            foreach (var entry in manifest.Entries)
            {
                foreach (var rows in ArchiveFile.Rows(zip, entry, PartCharacters))
                {
                    cancellation.ThrowIfCancellationRequested();
                    if (await grain.AddAsync(entry.Table, rows) is { } refused)
                    {
                        return refused.Contains("is here already", StringComparison.Ordinal)
                            ? ProblemAnswer.Of(
                                StatusCodes.Status409Conflict,
                                "already-here",
                                "Already here",
                                refused
                            )
                            : Refused(refused);
                    }
                }
            }

            return TypedResults.Json(await grain.CommitAsync(), DomainJson.Default.Restored);
        }
        finally
        {
            await grain.DropAsync();
        }
    }

    private static ProblemAnswer Refused(string sentence) =>
        ProblemAnswer.Of(
            StatusCodes.Status422UnprocessableEntity,
            "archive-refused",
            "The archive is refused",
            sentence
        );

    private static string Version() =>
        typeof(HarnessException)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion;
}

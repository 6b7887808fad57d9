using System.Diagnostics;
using System.Text.RegularExpressions;
using Harness.Domain;
using Harness.Domain.Metrics;
using Harness.Grains.Disk;
using Harness.Silo.Workers;
using Harness.Storage.Checkpoints;
using Microsoft.AspNetCore.Http.Features;

namespace Harness.Silo.Checkpoints;

/// <summary>
/// Takes checkpoints of attempts and gives them to those that go on: fenced by the token, known by their hash, so that
/// two workers need nothing in common but a silo.
/// </summary>
/// <param name="store">Which there are.</param>
/// <param name="blobs">Their bytes.</param>
/// <param name="settings">How many bytes.</param>
internal sealed partial class CheckpointEndpoint(
    CheckpointStore store,
    BlobFolder blobs,
    CheckpointSettings settings
)
{
    private readonly DiskGuard _disk = new(
        [blobs.Path],
        LowWater.Default,
        DiskSpace.Of,
        TimeProvider.System
    );

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex HashForm();

    /// <summary>Adds <c>PUT</c> and <c>GET</c> of <c>checkpoints/{hash}</c>.</summary>
    public static void Map(RouteGroupBuilder workers)
    {
        workers.MapPut(
            "/checkpoints/{hash}",
            (
                CheckpointEndpoint end,
                HttpContext http,
                string hash,
                long trial,
                long token,
                int step
            ) => Answers.ForAsync(() => end.PutAsync(http, hash, trial, token, step))
        );
        workers.MapGet(
            "/checkpoints/{hash}",
            (CheckpointEndpoint end, string hash) =>
                Answers.ForAsync(() => Task.FromResult(end.Get(hash)))
        );
    }

    private async Task<IResult> PutAsync(
        HttpContext http,
        string hash,
        long trial,
        long token,
        int step
    )
    {
        var begin = Stopwatch.GetTimestamp();
        Check(hash, step);
        if (http.Request.ContentLength is not (> 0 and var bytes))
        {
            throw new BadHttpRequestException("A checkpoint says its length.", 411);
        }

        var (current, others) = await store.LookAsync(trial, token, hash, http.RequestAborted);
        if (!current)
        {
            return Rejected(Answers.Replaced());
        }

        if (others + bytes > settings.Quota)
        {
            return Rejected(
                Answers.NoRoom(
                    $"All checkpoints together may have {Format.Bytes(settings.Quota)}, and have {Format.Bytes(others)}: raise HARNESS_CHECKPOINT_QUOTA of the silo."
                )
            );
        }

        Directory.CreateDirectory(blobs.Path);
        if (_disk.Sentence is { } low)
        {
            return Rejected(Answers.NoRoom(low));
        }

        // Bounded by the quota above; the server's own limit is meant for messages.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize =
            bytes;
        string? wrong;
        try
        {
            wrong = await blobs.StoreAsync(http.Request.Body, hash, bytes, http.RequestAborted);
        }
        catch (Exception full) when (full is UnauthorizedAccessException || Full(full))
        {
            return Rejected(
                Answers.NoRoom($"The silo cannot write to {blobs.Path}: {full.Message}")
            );
        }

        if (wrong is not null)
        {
            CheckpointMeter.Rejected.Add(1);
            throw new BadHttpRequestException($"The checkpoint is damaged: {wrong}.");
        }

        if (!await store.AddAsync(trial, token, step, hash, bytes, http.RequestAborted))
        {
            return Rejected(Answers.Replaced());
        }

        CheckpointMeter.Size.Record(bytes);
        CheckpointMeter.Duration.Record(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        return Results.NoContent();
    }

    private IResult Get(string hash)
    {
        Check(hash, 1);
        return blobs.Open(hash) is { } file
            ? Results.File(file, "application/octet-stream")
            : Answers.NoCheckpoint(hash);
    }

    // The hash becomes a file's name.
    private static void Check(string hash, int step)
    {
        if (!HashForm().IsMatch(hash))
        {
            throw new BadHttpRequestException("A checkpoint is named by 64 hexadecimal digits.");
        }

        if (step < 1)
        {
            throw new BadHttpRequestException("A checkpoint has a step of 1 or more.");
        }
    }

    // What goes wrong with the connection is an exception of input and output too.
    private static bool Full(Exception failure) =>
        failure is IOException and not BadHttpRequestException
        && failure.GetType() == typeof(IOException);

    private static IResult Rejected(IResult answer)
    {
        CheckpointMeter.Rejected.Add(1);
        return answer;
    }
}

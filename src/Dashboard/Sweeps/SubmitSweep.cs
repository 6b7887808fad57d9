using System.Diagnostics;
using System.Globalization;
using System.Security.Claims;
using Harness.Dashboard.Cluster;
using Harness.Dashboard.Problems;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Sweeps;
using Harness.Domain.Trials;
using Harness.Grains.Disk;
using Harness.Grains.Sweeps;
using Harness.Storage.Readers;
using Npgsql;

namespace Harness.Dashboard.Sweeps;

/// <summary>Takes a sweep file: checked whole and counted before anything is made of it.</summary>
public sealed class SubmitSweep(
    ICluster cluster,
    WorkerReader workers,
    NpgsqlDataSource db,
    DiskGuard disk,
    TimeProvider clock
)
{
    private static readonly UInt128 MostTrials = 100_000;

    /// <summary>
    /// <c>POST /api/v1/sweeps</c>: 201 the first time, 200 for a file that is there; 200 for a dry run. With an
    /// <c>Idempotency-Key</c> that was used for the same: 200 with the first answer; for another: 409.
    /// </summary>
    public static async Task<IResult> HandleAsync(
        SubmitSweep submit,
        HttpRequest request,
        HttpResponse response,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var (text, isJson, problem) = await SpecBody.ReadAsync(request, cancellation);
        if (problem is not null)
        {
            return problem;
        }

        var (query, badQuery) = SubmitQuery.Read(request.Query);
        if (badQuery is not null)
        {
            return badQuery;
        }

        var (key, badKey) = query!.Key(request, text!);
        return badKey
            ?? await submit.RunAsync(text!, isJson, query, key, response, user, cancellation);
    }

    private async Task<IResult> RunAsync(
        string text,
        bool isJson,
        SubmitQuery query,
        SubmitKey? key,
        HttpResponse response,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        var parsed = SweepFile.Parse(text, query.Overrides, isJson);
        if (parsed.Spec is not { } spec)
        {
            return SpecFaults.Answer(parsed.Problems);
        }

        var count = SweepExpansion.Count(spec);
        if (count > MostTrials)
        {
            return TooMany(count);
        }

        return query.IsDryRun
            ? TypedResults.Json(
                await PlanAsync(spec, SweepExpansion.Trials(spec), cancellation),
                DomainJson.Default.SubmitReply
            )
            : await SubmitAsync(spec, text, query.IsFresh, key, response, user, cancellation);
    }

    private async Task<IResult> SubmitAsync(
        SweepSpec spec,
        string text,
        bool isFresh,
        SubmitKey? idempotencyKey,
        HttpResponse response,
        ClaimsPrincipal user,
        CancellationToken cancellation
    )
    {
        disk.Require();
        // The same file is the same sweep; measured anew it is another one, so its key has the time in it.
        var key = isFresh
            ? $"{spec.Hash()}/fresh-{clock.GetUtcNow().ToUnixTimeMilliseconds()}"
            : spec.Hash();
        var reply = await cluster
            .Grains.GetGrain<ISweepGrain>(key)
            .SubmitAsync(
                SweepSubmission.Of(spec, text, user.Identity!.Name!) with
                {
                    TraceParent = Activity.Current?.Id,
                    Fresh = isFresh,
                    IdempotencyKey = idempotencyKey,
                }
            )
            .WaitAsync(cancellation);
        reply = reply with
        {
            Warnings = [.. reply.Warnings, .. await WarningsAsync(spec, cancellation)],
        };
        if (reply.Created)
        {
            response.Headers.Location = $"/api/v1/sweeps/{reply.Sweep}";
        }

        if (reply.Replayed)
        {
            response.Headers["Idempotency-Replayed"] = "true";
        }

        return TypedResults.Json(
            reply with
            {
                Replayed = false,
            },
            DomainJson.Default.SubmitReply,
            statusCode: reply is { Created: true, Replayed: false }
                ? StatusCodes.Status201Created
                : StatusCodes.Status200OK
        );
    }

    private async Task<SubmitReply> PlanAsync(
        SweepSpec spec,
        IReadOnlyList<TrialSpec> trials,
        CancellationToken cancellation
    )
    {
        await using var question = db.CreateCommand(
            "select count(distinct identity) from v1_trials where identity = any ($1)"
        );
        question.Parameters.Add(
            new NpgsqlParameter { Value = trials.Select(trial => trial.Identity()).ToArray() }
        );
        return new SubmitReply
        {
            Created = false,
            Trials = trials.Count,
            Reused = Convert.ToInt32(
                await question.ExecuteScalarAsync(cancellation),
                CultureInfo.InvariantCulture
            ),
            Warnings = await WarningsAsync(spec, cancellation),
            Plan = TrialPlan.Of(trials),
        };
    }

    private async Task<IReadOnlyList<string>> WarningsAsync(
        SweepSpec spec,
        CancellationToken cancellation
    ) =>
        (await workers.ListAsync(cancellation)).Any(worker => worker.State == "ready")
            ? SpecWarnings.Of(spec)
            :
            [
                .. SpecWarnings.Of(spec),
                "No worker is connected, so nothing runs until one joins: 'harness up --workers 2' starts two here.",
            ];

    private static ProblemAnswer TooMany(UInt128 count) =>
        ProblemAnswer.Of(
            StatusCodes.Status422UnprocessableEntity,
            "too-many-trials",
            "Too many trials",
            $"The sweep has {count} trials, and {MostTrials} are allowed: give fewer values or seeds."
        );
}

using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Claims;
using Harness.Grains.Sweeps;
using Harness.Storage.Claims;
using Harness.Storage.Readers;

namespace Harness.Grains.Claims;

/// <summary>Registers a claim, submits the sweeps of its looks, and judges what they measured.</summary>
internal sealed class ClaimGrain(ClaimStore claims, TrialReader trials) : Grain, IClaimGrain
{
    public async Task<ClaimRunReply> RunAsync(string profile, string by)
    {
        var id = this.GetPrimaryKeyString();
        var file = ClaimFiles.Text(id) ?? throw new ClaimWithoutFileException(id);
        var claim = ClaimFile.Read(file);
        var size = claim.Profiles.First(one => one.Name == Words.Parse<ClaimProfileName>(profile));

        // Stored before the first lease: thresholds that follow the results would prove nothing.
        var hash = ClaimFile.Hash(file);
        var run = await Outage.GuardAsync(async () =>
        {
            await claims.RegisterAsync(
                new ClaimRegistration(id, profile, file, hash, by),
                CancellationToken.None
            );
            return (await claims.NewestAsync(id, profile, hash, CancellationToken.None))!;
        });
        var looks = await JudgedAsync(run, claim) is { } verdict
            ? ClaimJudge.NextLook(verdict) ?? verdict.Look.Number
            : ClaimJudge.FirstLook(claim, size.Name);

        var sweeps = new List<string>();
        foreach (
            var sweep in Enumerable
                .Range(1, looks)
                .SelectMany(look => ClaimSweeps.Of(claim, size, look))
        )
        {
            sweeps.Add(await SubmitAsync(sweep, run.Id, by));
        }

        return new ClaimRunReply(sweeps, ClaimJudge.Reach(claim, size.Name));
    }

    public async Task<string?> JudgeAsync(string profile)
    {
        var id = this.GetPrimaryKeyString();
        var present = ClaimFiles.Text(id) is { } file ? ClaimFile.Hash(file) : null;
        var run = await Outage.GuardAsync(() =>
            claims.NewestAsync(id, profile, present, CancellationToken.None)
        );
        // Judged by the file as it was registered, which may not be the one that this version carries.
        if (run is null || await JudgedAsync(run, ClaimFile.Read(run.File)) is not { } verdict)
        {
            return null;
        }

        var document = verdict.ToJson();
        await Outage.GuardAsync(async () =>
        {
            await claims.StoreAsync(run.Id, document, CancellationToken.None);
            return true;
        });
        return document;
    }

    // Null while the run's sweeps have not ended.
    private Task<Verdict?> JudgedAsync(ClaimRun run, ClaimDefinition claim) =>
        Outage.GuardAsync<Verdict?>(async () =>
        {
            if (!await claims.IsCompleteAsync(run.Id, CancellationToken.None))
            {
                return null;
            }

            var rows = new List<TrialRow>();
            foreach (var sweep in run.Sweeps)
            {
                await foreach (var row in trials.AllAsync(sweep, CancellationToken.None))
                {
                    rows.Add(row);
                }
            }

            var facts = new ClaimRunFacts(
                Words.Parse<ClaimProfileName>(run.Profile),
                run.FileHash,
                await claims.IsRegisteredFirstAsync(run.Id, CancellationToken.None)
            );
            return ClaimJudge.Judge(claim, facts, rows);
        });

    private async Task<string> SubmitAsync(ClaimSweep sweep, long run, string by)
    {
        var reply = await GrainFactory
            .GetGrain<ISweepGrain>(sweep.Spec.Hash())
            .SubmitAsync(SweepSubmission.Of(sweep.Spec, sweep.Source, by) with { ClaimRun = run });
        return reply.Sweep!;
    }
}

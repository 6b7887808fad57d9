using System.Globalization;
using Harness.Domain;
using Harness.Faults;
using Harness.Storage.Invariants;

// `./dev faults [--seed N] [--minutes M] [--logs FOLDER]`: everything of the product under faults, and what its history says.
// `./dev faults --outage away|hung --minutes M`: one outage of PostgreSQL while trials train.
try
{
    var seed = (int)Number(args, "--seed", Environment.TickCount & 0xffff);
    var length = TimeSpan.FromMinutes(Number(args, "--minutes", 30));
    Console.Error.WriteLine($"seed {seed}");
    await using var rig = await Rig.StartAsync();
    if (Text(args, "--outage") is { } kind)
    {
        return await new Outage(rig).RunAsync(kind == "hung", length) ? 0 : 1;
    }

    var workload = new Workload(rig);
    using var submitting = new CancellationTokenSource();
    var submits = workload.RunAsync(submitting.Token);
    var injector = new Injector(rig);
    var begin = TimeProvider.System.GetTimestamp();
    var running = new List<Task>();
    foreach (var fault in FaultPlan.Of(seed, length))
    {
        var wait = fault.At - TimeProvider.System.GetElapsedTime(begin);
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
        running.Add(injector.DoAsync(fault));
    }

    await Task.WhenAll(running);
    await submitting.CancelAsync();
    await submits;
    Console.Error.WriteLine("no more faults: waiting for what is left");
    var ended = await workload.DrainAsync(TimeSpan.FromMinutes(5));

    var reader = new InvariantReader(rig.Database);
    var summary = new Summary(
        seed,
        length,
        injector.Done,
        rig.Proxy.Cuts,
        workload.Submitted.Count,
        ended,
        await reader.EvidenceAsync(CancellationToken.None),
        await rig.CountAsync("select count(*) from attempt where resumed_step is not null"),
        (await reader.CheckAsync(InvariantReader.Beginning, CancellationToken.None)).Violations
    );
    Console.Write(summary.Text());
    if (!summary.Holds && Text(args, "--logs") is { } folder)
    {
        rig.KeepLogs(folder);
    }

    return summary.Holds ? 0 : 1;
}
catch (HarnessException error)
{
    Console.Error.WriteLine(error.Message);
    return error.ExitCode;
}

static string? Text(string[] words, string name) =>
    Array.IndexOf(words, name) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;

static double Number(string[] words, string name, double otherwise) =>
    Text(words, name) is not { } word ? otherwise
    : double.TryParse(word, CultureInfo.InvariantCulture, out var number) && number >= 0 ? number
    : throw new HarnessException($"{name} is '{word}': give a number.", HarnessException.BadInput);

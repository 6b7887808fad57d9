using System.Text;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;

namespace Harness.Training.Tests;

/// <summary>What a trainer wrote, read back as the worker reads it.</summary>
internal sealed record Recorded(IReadOnlyList<TrainerEvent> Events)
{
    public TrainerResult Result => Events.OfType<TrainerResult>().Single();

    public static Recorded Run(
        TrialSpec spec,
        Catalogs? catalogs = null,
        CheckpointFiles? files = null
    ) => Of(events => new TrainingRun(spec, catalogs ?? Catalogs.Shipped, events, files).Run());

    public static Recorded Of(Action<EventWriter> work)
    {
        using var output = new MemoryStream();
        work(new EventWriter(output));
        return Parse(Encoding.UTF8.GetString(output.ToArray()));
    }

    public static Recorded Parse(string lines) =>
        new([
            .. lines
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize(line, DomainJson.Default.TrainerEvent)!),
        ]);

    public double[] Curve(string metric) =>
        [
            .. Events
                .OfType<TrainerPoints>()
                .Where(points => points.Metric == metric)
                .SelectMany(points => points.Values),
        ];

    public TrainerProfile Profile(string name) =>
        Events.OfType<TrainerProfile>().Single(profile => profile.Name == name);
}

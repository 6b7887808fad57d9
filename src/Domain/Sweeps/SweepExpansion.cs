using System.Buffers.Binary;
using System.Security.Cryptography;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Domain.Sweeps;

/// <summary>Trials of a sweep: pure, and counted before anything is built.</summary>
public static class SweepExpansion
{
    /// <summary>Trials of one sweep.</summary>
    public const int Cap = 100_000;

    // Above it a count is the bound without constraints: nobody waits while ten times the cap is tried.
    private static readonly UInt128 Countable = 1_000_000;

    /// <summary>Number of trials; exact up to a million combinations, else the bound without constraints.</summary>
    public static UInt128 Count(SweepSpec spec)
    {
        var bound = Bound(spec);
        return bound > Countable
            ? bound
            : (UInt128)Cells(spec).LongCount() * (UInt128)spec.Seeds.Count;
    }

    /// <summary>Combinations without constraints, saturating.</summary>
    public static UInt128 Bound(SweepSpec spec)
    {
        var cells = spec.Method switch
        {
            SweepMethod.Random => (UInt128)spec.RandomTrials,
            SweepMethod.List => (UInt128)spec.ListedTrials.Count,
            _ => Product(spec.Parameters.Values.Select(values => values.Values.Count)),
        };
        var sets = Product(
            spec.Overrides.SelectMany(over => over.Set.Values.Select(values => values.Values.Count))
        );
        return Times(Times(cells, sets), (UInt128)spec.Seeds.Count);
    }

    /// <summary>
    /// All trials, seed by seed, so that what is compared runs side by side. Equal cells count once; trials of one cell
    /// share its settings, so that a million trials of a thousand cells take little room.
    /// </summary>
    public static IReadOnlyList<TrialSpec> Trials(SweepSpec spec) =>
        Trials(spec, TrainerCatalogue.Current);

    /// <summary>The same, with the defaults of another catalogue.</summary>
    public static IReadOnlyList<TrialSpec> Trials(SweepSpec spec, CatalogueFile catalogue)
    {
        var index = new SettingIndex(catalogue);
        var cells = Cells(spec)
            .Select(cell => Complete(spec, cell, index))
            .DistinctBy(trial => trial.Identity())
            .ToList();
        return
        [
            .. spec
                .Seeds.Distinct()
                .SelectMany(seed => cells.Select(cell => cell with { Seed = seed })),
        ];
    }

    /// <summary>Cells with the settings that the file names, lazily.</summary>
    public static IEnumerable<SortedDictionary<string, SettingValue>> Cells(SweepSpec spec)
    {
        var chosen = spec.Method switch
        {
            SweepMethod.Random => Enumerable
                .Range(0, spec.RandomTrials)
                .Select(number => Draw(spec, number)),
            SweepMethod.List => spec.ListedTrials.Select(listed => Under(spec, listed)),
            _ => Grid([], spec.Parameters.ToArray()),
        };
        return chosen
            .SelectMany(cell => Override(cell, spec.Overrides, 0))
            .Where(cell =>
                !spec.Excluded.Any(exclusion => exclusion.All(condition => condition.Holds(cell)))
            );
    }

    private static IEnumerable<SortedDictionary<string, SettingValue>> Grid(
        SortedDictionary<string, SettingValue> cell,
        ReadOnlyMemory<KeyValuePair<string, ParameterValues>> rest
    )
    {
        if (rest.IsEmpty)
        {
            return [new SortedDictionary<string, SettingValue>(cell, StringComparer.Ordinal)];
        }

        var (name, values) = rest.Span[0];
        return values.Values.SelectMany(value =>
            Grid(
                new SortedDictionary<string, SettingValue>(cell, StringComparer.Ordinal)
                {
                    [name] = value,
                },
                rest[1..]
            )
        );
    }

    private static IEnumerable<SortedDictionary<string, SettingValue>> Override(
        SortedDictionary<string, SettingValue> cell,
        IReadOnlyList<CellOverride> overrides,
        int from
    )
    {
        if (from == overrides.Count)
        {
            return [cell];
        }

        var next = overrides[from];
        if (!next.When.All(condition => condition.Holds(cell)))
        {
            return Override(cell, overrides, from + 1);
        }

        return Grid(cell, next.Set.ToArray())
            .SelectMany(changed => Override(changed, overrides, from + 1));
    }

    private static SortedDictionary<string, SettingValue> Under(
        SweepSpec spec,
        SortedDictionary<string, SettingValue> listed
    )
    {
        var cell = new SortedDictionary<string, SettingValue>(listed, StringComparer.Ordinal);
        foreach (var (name, values) in spec.Parameters)
        {
            cell.TryAdd(name, values.Values[0]);
        }

        return cell;
    }

    // A pure function of key, cell number and parameter: adding a parameter changes no other draw.
    private static SortedDictionary<string, SettingValue> Draw(SweepSpec spec, int number)
    {
        var cell = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (var (name, values) in spec.Parameters)
        {
            var hash = SHA256.HashData(
                System.Text.Encoding.UTF8.GetBytes($"{spec.RandomSeed}/{number}/{name}")
            );
            var share = (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> 11) * Math.Pow(2, -53);
            cell[name] =
                values.Distribution?.At(share) ?? values.Values[(int)(share * values.Values.Count)];
        }

        return cell;
    }

    private static TrialSpec Complete(
        SweepSpec spec,
        SortedDictionary<string, SettingValue> cell,
        SettingIndex index
    )
    {
        var (model, task) = (cell["model"].Text, cell["task"].Text);
        var settings = new SortedDictionary<string, SettingValue>(StringComparer.Ordinal);
        foreach (
            var definition in index
                .For(model, task)
                .Where(definition => definition.Default is not null)
        )
        {
            settings[definition.Name] = definition.Default!.Value;
        }

        foreach (
            var (name, value) in spec
                .Budget.Concat(cell)
                .Where(pair => pair.Key is not ("model" or "task"))
        )
        {
            settings[name] = value;
        }

        return new TrialSpec
        {
            Model = model,
            Task = task,
            Seed = 0,
            Settings = settings,
            DataHash = index.Catalogue.Tasks.First(entry => entry.Name == task).DataHash,
            Numerics = index.Catalogue.Numerics,
        };
    }

    private static UInt128 Product(IEnumerable<int> counts) =>
        counts.Aggregate(
            UInt128.One,
            (product, count) => Times(product, (UInt128)Math.Max(1, count))
        );

    private static UInt128 Times(UInt128 left, UInt128 right) =>
        right != 0 && left > UInt128.MaxValue / right ? UInt128.MaxValue : left * right;
}

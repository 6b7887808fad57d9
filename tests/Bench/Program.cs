using System.Globalization;
using System.Text.Json;
using Harness.Bench;
using Harness.Domain;

// Measures the marks of docs/performance.md: `./dev bench [M3|M6|…] [--small] [--json FILE]`.
try
{
    var words = args.ToList();
    var scale = words.Remove("--small") ? Scale.Small : Scale.Full;
    var json = Path.GetFullPath(Value(words, "--json") ?? "artifacts/bench.json");
    var marks = Chosen(words);
    var reports = new List<object>();
    Console.WriteLine($"Machine: {Machine.Line()}");
    foreach (var mark in marks)
    {
        Console.Error.WriteLine($"{mark.Id}: {mark.Title}");
        var (load, began) = (Machine.Load(), TimeProvider.System.GetTimestamp());
        var table = await mark.Measure(scale);
        var took = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{mark.How} {(scale == Scale.Small ? "A small run: its figures say nothing. " : "")}Load before {load}, after {Machine.Load()}; took {took:0} s."
        );
        Console.WriteLine(
            $"\n### {mark.Id} {mark.Title}\n\n{note}\n\n{table.Markdown(scale == Scale.Full)}"
        );
        reports.Add(
            new
            {
                mark.Id,
                mark.Title,
                Note = note,
                Machine = Machine.Line(),
                table.Columns,
                table.Rows,
                Figures = table.Met,
            }
        );
    }

    Directory.CreateDirectory(Path.GetDirectoryName(json)!);
    await File.WriteAllTextAsync(json, JsonSerializer.Serialize(reports, ReadableOptions.Indented));
    Console.Error.WriteLine($"written: {json}");
    return 0;
}
catch (HarnessException error)
{
    Console.Error.WriteLine(error.Message);
    return error.ExitCode;
}

static string? Value(List<string> words, string name)
{
    var at = words.IndexOf(name);
    if (at < 0)
    {
        return null;
    }

    if (at + 1 == words.Count)
    {
        throw new HarnessException($"{name} needs a value.", HarnessException.BadInput);
    }

    var value = words[at + 1];
    words.RemoveRange(at, 2);
    return value;
}

static IReadOnlyList<Mark> Chosen(List<string> words)
{
    var known = string.Join(", ", Marks.All.Select(mark => mark.Id));
    return words.Count == 0
        ? Marks.All
        :
        [
            .. words.Select(word =>
                Marks.All.FirstOrDefault(mark =>
                    mark.Id.Equals(word, StringComparison.OrdinalIgnoreCase)
                )
                ?? throw new HarnessException(
                    $"There is no mark '{word}': {known}.",
                    HarnessException.BadInput
                )
            ),
        ];
}

internal static class ReadableOptions
{
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };
}

using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Trials;
using Harness.Domain.Workers;

namespace Harness.Storage.Dispatch;

/// <summary>Completions turned into one array a column, as <c>unnest</c> takes them.</summary>
internal sealed class CompletionColumns
{
    private readonly List<Completion> _rows;
    private readonly List<Facts?> _runtimes;

    public CompletionColumns(IEnumerable<Completion> completions)
    {
        // The same completion may come twice in one batch, when a worker asked again.
        _rows = [.. completions.DistinctBy(row => row.Token).OrderBy(row => row.TrialId)];
        _runtimes = [.. _rows.Select(row => row.Runtime is { } facts ? Facts.Of(facts) : null)];
    }

    /// <summary>Trials.</summary>
    public long[] Trials => [.. _rows.Select(row => row.TrialId)];

    /// <summary>Ids and facts of the trainers' runtimes.</summary>
    public object?[] Runtimes
    {
        get
        {
            var known = _runtimes.OfType<Facts>().DistinctBy(facts => facts.Id).ToList();
            return
            [
                known.Select(facts => facts.Id).ToArray(),
                known.Select(facts => facts.Json).ToArray(),
            ];
        }
    }

    /// <summary>Columns of <see cref="DispatchStatements.Settle"/>, but for the back-off.</summary>
    public object?[] Settle =>
        [
            Trials,
            _rows.Select(row => row.Token).ToArray(),
            _rows.Select(row => Words.Of(row.State)).ToArray(),
            _rows.Select(Failure).ToArray(),
            _rows.Select(row => row.Message).ToArray(),
            _rows.Select(row => row.CpuSeconds).ToArray(),
            _runtimes.Select(facts => facts?.Id).ToArray(),
            _rows.Select(Observation).ToArray(),
            _rows
                .Select(row => row.Result is { } result ? Words.Of(result.Outcome) : null)
                .ToArray(),
            _rows.Select(row => row.Result is { } result ? Metrics(result) : null).ToArray(),
            _rows.Select(row => row.Result?.ParameterCount).ToArray(),
            _rows.Select(row => row.Result?.ParameterHash).ToArray(),
            _rows.Select(row => row.Result?.Contended).ToArray(),
        ];

    /// <summary>Columns of <see cref="DispatchStatements.Fence"/>.</summary>
    public object?[] Fence
    {
        get
        {
            var results = _rows.Where(row => row.State == AttemptState.Completed).ToList();
            return
            [
                results.Select(row => row.Token).ToArray(),
                results.Select(Observation).ToArray(),
                results.Select(row => row.CpuSeconds).ToArray(),
            ];
        }
    }

    private static string? Failure(Completion row) =>
        row.State == AttemptState.Failed ? Words.Of(row.Failure ?? FailureKind.Crash) : null;

    private static string? Observation(Completion row) =>
        row.Result is null
            ? null
            : JsonSerializer.Serialize(row.Result, DomainJson.Default.TrainerResult);

    private static string Metrics(TrainerResult result) =>
        JsonSerializer.Serialize(result.Metrics, DomainJson.Default.SortedDictionaryStringDouble);
}

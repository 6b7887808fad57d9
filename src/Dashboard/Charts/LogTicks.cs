namespace Harness.Dashboard.Charts;

/// <summary>Which powers people read on a logarithmic axis.</summary>
public enum LogSteps
{
    /// <summary>1, 2, 5, 10: rates, losses, times.</summary>
    Decimal,

    /// <summary>Powers of two: bytes.</summary>
    Binary,
}

/// <summary>Named values of a logarithmic axis: two at least where the range has them, five at most.</summary>
public static class LogTicks
{
    private const int Most = 5;

    /// <summary>The ticks between two values.</summary>
    public static IReadOnlyList<double> Of(double min, double max, LogSteps steps)
    {
        var found = Candidates(steps)
            .Select(candidate => candidate(min, max))
            .Where(ticks => ticks.Count is >= 2 and <= Most)
            .FirstOrDefault();
        return found ?? Thin(Candidates(steps).First()(min, max));
    }

    /// <summary>Densest first.</summary>
    private static IEnumerable<Func<double, double, List<double>>> Candidates(LogSteps steps) =>
        steps == LogSteps.Binary
            ?
            [
                .. Mantissas(2, [1, 1.25, 1.5, 1.75], [1, 1.5]),
                .. Enumerable.Range(1, 12).Select(every => Powers(2, every)),
            ]
            :
            [
                .. Mantissas(
                    10,
                    [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 4, 5, 6, 7, 8, 9],
                    [1, 1.5, 2, 3, 5, 7],
                    [1, 2, 5],
                    [1, 3]
                ),
                .. Enumerable.Range(1, 6).Select(every => Powers(10, every)),
            ];

    private static IEnumerable<Func<double, double, List<double>>> Mantissas(
        double @base,
        params double[][] sets
    ) =>
        sets.Select(mantissas =>
            (Func<double, double, List<double>>)(
                (min, max) =>
                    [
                        .. Exponents(@base, min, max)
                            .SelectMany(power => mantissas.Select(m => m * Math.Pow(@base, power)))
                            .Where(value => value >= min && value <= max),
                    ]
            )
        );

    private static Func<double, double, List<double>> Powers(double @base, int every) =>
        (min, max) =>
            [
                .. Exponents(@base, min, max)
                    .Where(power => power % every == 0)
                    .Select(power => Math.Pow(@base, power))
                    .Where(value => value >= min && value <= max),
            ];

    private static IEnumerable<int> Exponents(double @base, double min, double max)
    {
        var first = (int)Math.Floor(Math.Log(min, @base));
        var last = (int)Math.Ceiling(Math.Log(max, @base));
        return Enumerable.Range(first, last - first + 1);
    }

    private static List<double> Thin(List<double> ticks) =>
        ticks.Count <= Most
            ? ticks
            : [.. ticks.Where((_, i) => i % ((ticks.Count + Most - 1) / Most) == 0)];
}

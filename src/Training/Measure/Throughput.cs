using Harness.Domain.Statistics;

namespace Harness.Training.Measure;

/// <summary>Windows of training steps: tokens per wall second and per CPU second, without evaluation.</summary>
/// <remarks>A window is at least 20 ms long; the warm-up is at least 5 steps and 0.5 s (docs/measuring.md).</remarks>
/// <param name="clock">Seconds of the wall and of the CPU; null: those of this process.</param>
public sealed class Throughput(Func<(double Wall, double Cpu)>? clock = null)
{
    private const int WarmUpSteps = 5;
    private const double WarmUpSeconds = 0.5;
    private const double WindowSeconds = 0.02;
    private const int ProfilePoints = 1000; // an hour has 180,000 windows, and a line of the trainer is bounded

    private readonly List<Window> _windows = [];
    private readonly Func<(double Wall, double Cpu)> _clock = clock ?? Own;
    private readonly double _start = (clock ?? Own)().Wall;
    private bool _warm;
    private double _wall;
    private double _cpu;
    private int _steps;
    private long _tokens;
    private long _scored;

    private readonly record struct Window(
        double Wall,
        double Cpu,
        int Steps,
        long Tokens,
        long Scored
    );

    /// <summary>Tells of a finished step.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="tokens">Positions that the step processed.</param>
    /// <param name="scored">Positions that its loss looked at.</param>
    public void Step(int step, long tokens, long scored)
    {
        var now = _clock();
        if (!_warm)
        {
            _warm = step >= WarmUpSteps && now.Wall - _start >= WarmUpSeconds;
            Begin(now);
            return;
        }

        _steps++;
        _tokens += tokens;
        _scored += scored;
        if (now.Wall - _wall >= WindowSeconds)
        {
            _windows.Add(new Window(now.Wall - _wall, now.Cpu - _cpu, _steps, _tokens, _scored));
            Begin(now);
        }
    }

    /// <summary>What was done since the last step is no training: the window that it would fall into begins anew.</summary>
    public void Skip() => Begin(_clock());

    /// <summary>Tokens a second along the training: of each window, or of runs of equally many.</summary>
    public IReadOnlyList<double> Profile =>
        [
            .. _windows
                .Chunk(1 + _windows.Count / ProfilePoints)
                .Select(run => run.Sum(window => window.Tokens) / run.Sum(window => window.Wall)),
        ];

    /// <summary>CPU over wall time of all windows, or null without a window.</summary>
    public double? CpuWallRatio =>
        _windows.Count == 0
            ? null
            : _windows.Sum(window => window.Cpu) / _windows.Sum(window => window.Wall);

    /// <summary>Adds the medians; nothing where the training was shorter than the warm-up.</summary>
    public void AddTo(SortedDictionary<string, double> metrics)
    {
        if (_windows.Count == 0)
        {
            return;
        }

        metrics["tokens_per_second"] = Quantile(window => window.Tokens / window.Wall, 0.5);
        metrics["tokens_per_second_p10"] = Quantile(window => window.Tokens / window.Wall, 0.1);
        metrics["tokens_per_second_p90"] = Quantile(window => window.Tokens / window.Wall, 0.9);
        metrics["tokens_per_cpu_second"] = Quantile(window => window.Tokens / window.Cpu, 0.5);
        metrics["scored_tokens_per_second"] = Quantile(window => window.Scored / window.Wall, 0.5);
        metrics["step_milliseconds"] = Quantile(window => 1000 * window.Wall / window.Steps, 0.5);
        metrics["cpu_wall_ratio"] = CpuWallRatio!.Value;
    }

    private static (double Wall, double Cpu) Own() => (ProcessClock.Wall, ProcessClock.Cpu);

    private void Begin((double Wall, double Cpu) now)
    {
        (_wall, _cpu) = now;
        (_steps, _tokens, _scored) = (0, 0, 0);
    }

    private double Quantile(Func<Window, double> value, double share) =>
        Quantiles.At(_windows.Select(value), share);
}

using Harness.Domain.Api;
using Harness.Domain.Metrics;

namespace Harness.Cli.Output;

/// <summary>How far a sweep is: one line that is written over on a terminal, a line a change when piped.</summary>
public sealed class ProgressLine
{
    private const int BarWidth = 24;

    private string _last = "";

    /// <summary>Shows a summary.</summary>
    public void Show(SweepSummary sweep)
    {
        var text = Text(sweep);
        if (text == _last)
        {
            return;
        }

        _last = text;
        if (Console.IsErrorRedirected)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            Console.Error.Write($"\r\u001b[2K{text}");
        }
    }

    /// <summary>Leaves the line.</summary>
    public void End()
    {
        if (!Console.IsErrorRedirected && _last.Length > 0)
        {
            Console.Error.WriteLine();
        }
    }

    /// <summary>The line itself.</summary>
    public static string Text(SweepSummary sweep)
    {
        var ended = sweep
            .States.Where(pair =>
                pair.Key is "succeeded" or "failed" or "quarantined" or "cancelled"
            )
            .Sum(pair => pair.Value);
        var share =
            sweep.TrialCount == 0
                ? 1
                : Math.Clamp((ended + sweep.RunningShare) / sweep.TrialCount, 0, 1);
        var full = (int)Math.Round(share * BarWidth);
        var states = string.Join(
            ", ",
            sweep.States.Where(pair => pair.Value > 0).Select(pair => $"{pair.Value} {pair.Key}")
        );
        var left = sweep.EtaSeconds is [var low, var high]
            ? $", left {Format.Bounds(low, high)}"
            : "";
        return $"{sweep.Sweep} [{new string('#', full)}{new string('-', BarWidth - full)}] {ended} of {sweep.TrialCount}: {states}{left}";
    }
}

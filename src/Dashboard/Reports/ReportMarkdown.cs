using System.Text;
using Harness.Dashboard.Frame;
using Harness.Dashboard.Sweeps;
using Harness.Domain;
using Harness.Domain.Api;
using Harness.Domain.Trials;

namespace Harness.Dashboard.Reports;

/// <summary>A report for issues, notes and chats.</summary>
public static class ReportMarkdown
{
    /// <summary>The report as Markdown: a summary table a task, what went wrong, and where the data are.</summary>
    public static string Of(ReportView view)
    {
        var sweep = view.Sweep;
        var text = new StringBuilder();
        text.Append($"# {Escape(sweep.Name)}\n\n");
        if (!string.IsNullOrWhiteSpace(sweep.Description))
        {
            text.Append($"{Escape(sweep.Description.Trim())}\n\n");
        }

        text.Append(
            $"Sweep {sweep.Sweep}, {Words.Of(sweep.State).Replace('_', ' ')}: "
                + $"{SweepView.Count(sweep, TrialState.Succeeded)} of {sweep.TrialCount} trials have a result. "
                + $"Submitted {Times.Minute(sweep.SubmittedAt)} UTC by {Escape(sweep.SubmittedBy)}; "
                + $"hash of the resolved file `{sweep.SpecHash}`.\n\n"
        );
        text.Append("Median over seeds [least, most]; – is not measured.\n");
        foreach (var task in view.Rows.GroupBy(row => row.Task))
        {
            Table(text, task.Key, [.. task]);
        }

        Causes(text, view.Causes);
        return text.ToString();
    }

    private static void Table(StringBuilder text, string task, IReadOnlyList<SweepReportRow> rows)
    {
        var columns = ReportColumns.Of(rows);
        var hasCells = rows.Any(row => row.Cell.Length > 0);
        text.Append($"\n## {Escape(task)}\n\n| Model |{(hasCells ? " Setting |" : "")} Trials |");
        text.AppendJoin("", columns.Select(metric => $" {metric.Title} |"));
        text.Append($"\n|---|{(hasCells ? "---|" : "")}---:|");
        text.AppendJoin("", columns.Select(_ => "---:|"));
        text.Append('\n');
        foreach (var row in rows)
        {
            text.Append($"| {Escape(row.Model)} |{(hasCells ? $" {Escape(row.Cell)} |" : "")}");
            text.Append($" {row.Succeeded} of {row.Trials.Count} |");
            foreach (var metric in columns)
            {
                var (median, range) = ReportColumns.Cell(row, metric);
                text.Append($" {median}{(range.Length > 0 ? " " + range : "")} |");
            }

            text.Append('\n');
        }
    }

    private static void Causes(StringBuilder text, IReadOnlyList<FailureCause> causes)
    {
        if (causes.Count == 0)
        {
            return;
        }

        text.Append("\n## Failures and measured outcomes\n\n");
        foreach (var cause in causes)
        {
            text.Append(
                $"- {cause.Chip.Word}, {cause.Trials.Count} × {Escape(cause.Cells)}: "
                    + $"{Escape(cause.Reason.Split('\n')[0])} (first {cause.Trials[0].Trial})\n"
            );
        }
    }

    /// <summary>Names and reasons are someone else's text: they may not become markup or break a table.</summary>
    private static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var letter in text.ReplaceLineEndings(" "))
        {
            if ("\\`*_{}[]<>()#+!|~&".Contains(letter))
            {
                safe.Append('\\');
            }

            safe.Append(letter);
        }

        return safe.ToString();
    }
}

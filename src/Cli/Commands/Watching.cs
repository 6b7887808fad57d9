using System.Diagnostics;
using Harness.Cli.Client;
using Harness.Cli.Output;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary>Shows a sweep while it runs: a bar on a terminal, a line now and then in a log.</summary>
public static class Watching
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(2);

    /// <summary>Follows the sweep to its end; also ends when the local harness is stopped by someone else.</summary>
    public static async Task<SweepSummary> ToEndAsync(
        Session session,
        string sweep,
        bool shows,
        CancellationToken cancellation
    )
    {
        using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var end = SweepWatch.ToEndAsync(
            session.Client,
            sweep,
            shows ? Show(session.Terminal) : _ => { },
            watch.Token
        );
        if (session.Holder is { } holder && await Task.WhenAny(end, holder.Gone) != end)
        {
            await watch.CancelAsync();
            cancellation.ThrowIfCancellationRequested();
            throw new Domain.HarnessException(
                $"The harness was stopped while {sweep} was running: `harness run` with the same file goes on where it was."
            );
        }

        var last = await end;
        session.Terminal.Status(null);
        return last;
    }

    private static Action<SweepSummary> Show(Terminal terminal)
    {
        string? said = null;
        long at = 0;
        return sweep =>
        {
            if (terminal.Live)
            {
                terminal.Status(ProgressText.Bar(sweep));
                return;
            }

            var line = ProgressText.Line(sweep);
            var due = said is null || Stopwatch.GetElapsedTime(at) >= BetweenLines;
            if (line != said && (due || SweepWatch.IsEnd(sweep.State)))
            {
                (said, at) = (line, Stopwatch.GetTimestamp());
                terminal.Say(line);
            }
        };
    }
}

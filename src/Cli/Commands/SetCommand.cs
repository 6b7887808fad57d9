using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Cli.Commands;

/// <summary><c>harness set ID priority=N|max_concurrent_trials=N</c>.</summary>
public static class SetCommand
{
    private static readonly string[] Known = ["priority", "max_concurrent_trials"];

    private static readonly Argument<string> Sweep = new("ID")
    {
        Description = "Sweep such as S-1, or last.",
    };
    private static readonly Argument<string[]> Values = new("KEY=N")
    {
        Description = "priority=N (higher first) or max_concurrent_trials=N; or both.",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>The command.</summary>
    public static Command Make()
    {
        var command = new Command("set", "Change priority or limit of a sweep while it runs.")
        {
            Sweep,
            Values,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellation)
    {
        var limits = Limits(result.GetValue(Values)!);
        await using var session = await Session.ToReadAsync(result, cancellation);
        var id = await session.SweepAsync(result.GetValue(Sweep)!, cancellation);
        var summary = await session.Client.PatchAsync(
            $"sweeps/{id}",
            JsonSerializer.Serialize(limits, DomainJson.Default.SweepLimits),
            DomainJson.Default.SweepSummary,
            cancellation
        );
        var most = summary.MaxConcurrentTrials is { } limit
            ? string.Create(CultureInfo.InvariantCulture, $"{limit}")
            : "no limit";
        session.Terminal.Say(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{id}: priority {summary.Priority}, trials at a time {most}"
            )
        );
        ChangeCommands.Write(session, [summary]);
        return 0;
    }

    private static SweepLimits Limits(IReadOnlyList<string> pairs)
    {
        var limits = new SweepLimits();
        foreach (var pair in pairs)
        {
            var (key, text) = pair.Split('=', 2) is [var name, var value]
                ? (name, value)
                : throw Bad($"'{pair}' is not of the form key=N, e.g. priority=5.");
            if (!Known.Contains(key))
            {
                throw Bad(ParseFault.Unknown("key", key, Known));
            }

            var (min, max) =
                key == "priority"
                    ? (SweepLimits.MinPriority, SweepLimits.MaxPriority)
                    : (1, int.MaxValue);
            if (
                !int.TryParse(
                    text,
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                )
                || number < min
                || number > max
            )
            {
                throw Bad(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{key}: '{text}' is no whole number from {min} to {max}."
                    )
                );
            }

            limits =
                key == "priority"
                    ? limits with
                    {
                        Priority = number,
                    }
                    : limits with
                    {
                        MaxConcurrentTrials = number,
                    };
        }

        return limits;
    }

    private static HarnessException Bad(string message) => new(message, HarnessException.BadInput);
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Harness.Domain.Sweeps;

namespace Harness.Cli.Commands;

/// <summary>What is wrong with a command line, in one sentence with the nearest spelling.</summary>
public static class ParseFault
{
    /// <summary>The sentence.</summary>
    public static string Of(ParseResult result)
    {
        var command = result.CommandResult.Command;
        if (result.UnmatchedTokens is [var word, ..])
        {
            var isOption = word.StartsWith('-');
            IEnumerable<string> known = isOption
                ? Options(result.CommandResult)
                : command.Subcommands.Where(sub => !sub.Hidden).Select(sub => sub.Name);
            return Unknown(isOption ? "option" : "command", word, [.. known]);
        }

        return result.Errors[0].Message;
    }

    /// <summary>A word that is not among the known.</summary>
    public static string Unknown(string what, string word, IReadOnlyList<string> known)
    {
        var near = Nearest.To(word, known);
        return known.Count == 0 ? $"'{word}' is one argument too many."
            : near is null ? $"'{word}' is no {what}: one of {string.Join(", ", known)}."
            : $"'{word}' is no {what}: did you mean '{near}'? (One of {string.Join(", ", known)}.)";
    }

    private static IEnumerable<string> Options(SymbolResult? result)
    {
        for (var own = true; result is CommandResult command; result = result.Parent, own = false)
        {
            foreach (var option in command.Command.Options)
            {
                if (own || option.Recursive)
                {
                    yield return option.Name;
                }
            }
        }
    }
}

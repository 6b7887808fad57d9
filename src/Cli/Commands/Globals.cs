using System.CommandLine;

namespace Harness.Cli.Commands;

/// <summary>Options that every command has, and makers of typed ones.</summary>
public static class Globals
{
    /// <summary>The data folder.</summary>
    public static Option<string> Data { get; } =
        new("--data")
        {
            Description = "Folder of everything that a local run makes.",
            DefaultValueFactory = _ => ".harness",
            HelpName = "DIR",
            Recursive = true,
        };

    /// <summary>One document on standard output.</summary>
    public static Option<bool> Json { get; } =
        new("--json")
        {
            Description = "Print one JSON document; messages go to standard error.",
            Recursive = true,
        };

    /// <summary>A cluster instead of a local harness.</summary>
    public static Option<string?> Server { get; } =
        new("--server")
        {
            Description = "URL of a running harness; its token comes from HARNESS_TOKEN.",
            HelpName = "URL",
            Recursive = true,
        };

    /// <summary>A whole number within limits.</summary>
    public static Option<int> Integer(
        string name,
        string description,
        int standard,
        int min,
        int max
    ) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => standard,
            CustomParser = argument =>
            {
                var text = argument.Tokens[0].Value;
                if (int.TryParse(text, out var value) && value >= min && value <= max)
                {
                    return value;
                }

                argument.AddError($"{name}: '{text}' is no whole number from {min} to {max}.");
                return 0;
            },
        };

    /// <summary><c>--workers</c>.</summary>
    public static Option<int> Workers() =>
        Integer("--workers", "Worker programs on this machine; they share its cores.", 1, 1, 64);

    /// <summary><c>--port</c>.</summary>
    public static Option<int> Port() =>
        Integer("--port", "Port of the pages on 127.0.0.1; without it any free one.", 0, 1, 65535);

    /// <summary><c>--set key=value</c>, any number of times.</summary>
    public static Option<string[]> Set()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "Put a value over the file's, e.g. --set budget.steps=30.",
            HelpName = "KEY=VALUE",
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=') < 1))
            {
                result.AddError(
                    $"--set: '{token.Value}' is not of the form key=value, e.g. budget.steps=30."
                );
            }
        });
        return option;
    }

    /// <summary>Splits the values of <see cref="Set"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Pairs(string[]? values) =>
        [
            .. (values ?? [])
                .Select(value => value.Split('=', 2))
                .Select(pair => KeyValuePair.Create(pair[0], pair[1])),
        ];

    /// <summary>Refuses words that are not among the known, and names the nearest.</summary>
    public static void AcceptOnly(Argument argument, params string[] known) =>
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !known.Contains(token.Value)))
            {
                result.AddError(ParseFault.Unknown(argument.Name, token.Value, known));
            }
        });

    /// <summary>The same for an option.</summary>
    public static void AcceptOnly(Option option, params string[] known) =>
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => !known.Contains(token.Value)))
            {
                result.AddError(ParseFault.Unknown(option.Name, token.Value, known));
            }
        });
}

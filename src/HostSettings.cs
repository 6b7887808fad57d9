using System.Globalization;
using Harness.Domain;
using Microsoft.Extensions.Logging.Console;

namespace Harness;

/// <summary>What the three hosts have in common: settings from the environment, logs on standard error, the lifeline.</summary>
internal static class HostSettings
{
    // Longer than a worker's drain, shorter than a container engine's patience with two of them.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static IHostApplicationLifetime? _lifetime;

    /// <summary>The setting of that name, or of the file that <c>NAME_FILE</c> names; null when neither is set.</summary>
    public static string? Find(string name)
    {
        if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
        {
            return value;
        }

        return Environment.GetEnvironmentVariable($"{name}_FILE") is { Length: > 0 } file
            ? ReadFile(name, file)
            : null;
    }

    /// <summary>The setting of that name; a message for people when it is missing.</summary>
    /// <param name="name">e.g. <c>HARNESS_DATABASE</c>.</param>
    /// <param name="meaning">What it is, to end the sentence "Set X: …".</param>
    public static string Require(string name, string meaning) =>
        Find(name)
        ?? throw new HarnessException(
            $"{name} is not set: give {meaning} there, or the path of a file with it in {name}_FILE.",
            HarnessException.BadInput
        );

    /// <summary>A whole number, or the default where the setting is missing.</summary>
    public static long Integer(
        string name,
        long otherwise,
        long min = 0,
        long max = long.MaxValue
    ) =>
        Find(name) is not { } text ? otherwise
        : long.TryParse(
            text,
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var value
        )
        && value >= min
        && value <= max
            ? value
        : throw Wrong(name, text, $"a whole number from {min} to {max}");

    /// <summary>A positive number, or the default where the setting is missing.</summary>
    public static double Number(string name, double otherwise) =>
        Find(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value > 0
        && double.IsFinite(value)
            ? value
        : throw Wrong(name, text, "a number above 0");

    /// <summary>One of a few words; the first where the setting is missing.</summary>
    public static string Choice(string name, params string[] allowed) =>
        Find(name) is not { } text ? allowed[0]
        : allowed.Contains(text) ? text
        : throw Wrong(name, text, string.Join(" or ", allowed.Select(word => $"'{word}'")));

    /// <summary>Logs go to standard error, a line each: standard output belongs to what programs read.</summary>
    public static void LogToStandardError(IHostApplicationBuilder builder)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.UseUtcTimestamp = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        // Polly tells of each attempt of each call that Orleans makes.
        foreach (
            var library in new[] { "Microsoft", "Orleans", "Npgsql", "Polly", "System.Net.Http" }
        )
        {
            builder.Logging.AddFilter(library, LogLevel.Warning);
        }

        builder.Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        );
    }

    /// <summary>
    /// With <c>HARNESS_LIFELINE=stdin</c> the host stops when its standard input ends: the program that started it
    /// holds the other end of that pipe, and the kernel closes it however that program dies.
    /// </summary>
    public static void WatchLifeline(IHost host)
    {
        var lifetime = _lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        if (Find("HARNESS_LIFELINE") is not { } kind)
        {
            return;
        }

        if (kind != "stdin")
        {
            throw Wrong("HARNESS_LIFELINE", kind, "'stdin'");
        }

        new Thread(() => Watch(lifetime)) { IsBackground = true, Name = "lifeline" }.Start();
    }

    /// <summary>Runs a program: a message for people becomes one line and its exit code, without a stack.</summary>
    public static async Task<int> RunAsync(Func<Task> program)
    {
        try
        {
            await program();
            return 0;
        }
        catch (HarnessException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
            when (_lifetime?.ApplicationStopping.IsCancellationRequested == true)
        {
            return 0; // asked to stop while it was starting: no fault, and nothing to tell
        }
    }

    private static void Watch(IHostApplicationLifetime lifetime)
    {
        var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        try
        {
            while (input.Read(buffer) > 0) { }
        }
        catch (IOException)
        {
            // A broken pipe is an end too.
        }

        lifetime.StopApplication();
        if (!lifetime.ApplicationStopped.WaitHandle.WaitOne(StopLimit))
        {
            Environment.Exit(HarnessException.Infrastructure);
        }
    }

    private static string ReadFile(string name, string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new HarnessException(
                $"{name}_FILE names '{file}', which this user cannot read: {cause.Message}",
                HarnessException.Infrastructure,
                cause
            );
        }
    }

    private static HarnessException Wrong(string name, string text, string expected) =>
        new($"{name} is '{text}': give {expected}.", HarnessException.BadInput);
}

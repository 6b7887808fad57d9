using Harness.Domain.Trials;

namespace Harness.Worker;

public sealed partial class LeaseLoop
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "joined as {Worker} with {Slots} slots; leases last {LeaseSeconds} s"
    )]
    private partial void LogJoined(string worker, int slots, double leaseSeconds);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "trial {Trial}: attempt {Number} begins, token {Token}"
    )]
    private partial void LogLeased(long trial, long token, int number);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "trial {Trial}: token {Token} {State} {Message}"
    )]
    private partial void LogEnded(long trial, long token, AttemptState state, string message);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "trial {Trial}: token {Token} could not be carried to its end"
    )]
    private partial void LogBroken(Exception failure, long trial, long token);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "trial {Trial}: token {Token} is to be stopped"
    )]
    private partial void LogStopped(long trial, long token);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "no silo takes the message, trying again: {Reason}"
    )]
    private partial void LogAway(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{What}")]
    private partial void LogLeftover(string what);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "trial {Trial}: the end of token {Token} is refused for good and forgotten: {Reason}"
    )]
    private partial void LogForgotten(long trial, long token, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "not all could be handed back in time ({Count} attempts run): what is not told is kept, or its lease expires"
    )]
    private partial void LogDrainedLate(int count);
}

namespace Harness.Worker;

public sealed partial class HandIn
{
    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "trial {Trial}: what token {Token} measured is refused for good: {Reason}"
    )]
    private partial void LogRefused(long trial, long token, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "the spool is full: {Points} points of curves of token {Token} were dropped, the oldest"
    )]
    private partial void LogDropped(long points, long token);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "the spool cannot be written, and what attempts measure waits in memory: {Reason}"
    )]
    private partial void LogDisk(string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "trial {Trial}: handed in what token {Token} left in an earlier life of this worker; it {Ended}"
    )]
    private partial void LogRecovered(long trial, long token, string ended);
}

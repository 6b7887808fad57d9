using Microsoft.Extensions.Logging;

namespace Harness.Grains.Dispatch;

/// <content>Messages.</content>
internal sealed partial class Dispatcher
{
    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Dispatching in epoch {Epoch}: {Sweeps} live sweeps, {Attempts} attempts, {Workers} workers."
    )]
    private partial void LogLoaded(long epoch, int sweeps, int attempts, int workers);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The database does not answer ({Reason}); workers go on and hand in later."
    )]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The database refused a batch of {Calls} calls; they are taken one by one."
    )]
    private partial void LogRefused(Exception failure, int calls);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Another activation dispatches: epoch {Epoch} is over."
    )]
    private partial void LogEpochOver(long epoch);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The lease {Token} of trial {Trial} expired; the trial is {State}."
    )]
    private partial void LogExpired(long trial, long token, string state);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Worker {Worker} gave no sign of life for a whole lease."
    )]
    private partial void LogLost(string worker);
}

using Microsoft.Extensions.Logging;

namespace Harness.Grains.Sweeps;

/// <content>Messages.</content>
internal sealed partial class SweepGrain
{
    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The dispatcher did not hear of sweep {Sweep} at once; it will find it in the table."
    )]
    private partial void LogNotHeard(Exception failure, long sweep);
}

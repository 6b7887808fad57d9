using System.Runtime.InteropServices;

namespace Harness.Cli.Commands;

/// <summary>Ctrl-C and its kin: the first asks for a clean stop, the second ends the process.</summary>
public sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _signals = [];

    /// <summary>Listens from now on.</summary>
    public Interruption()
    {
        foreach (
            var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }
        )
        {
            _signals.Add(PosixSignalRegistration.Create(signal, Stop));
        }
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _signals.ForEach(signal => signal.Dispose());
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        // Left alone, the second one has its usual effect. What was started stops by its lifelines then.
        context.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}

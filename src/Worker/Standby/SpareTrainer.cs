using Harness.Domain.Trials;
using Harness.Worker.Attempts;

namespace Harness.Worker.Standby;

/// <summary>One spare trainer, from its start to the moment when a trial takes it or it is ended.</summary>
internal sealed class SpareTrainer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // for it to make itself ready

    private readonly TrainerProcess _process;

    private SpareTrainer(TrainerProcess process)
    {
        _process = process;
        Ready = GreetAsync();
    }

    /// <summary>The process once it is ready; null where it died, or said something else, or nothing.</summary>
    public Task<TrainerProcess?> Ready { get; }

    /// <summary>Starts one.</summary>
    public static SpareTrainer Start(string trainer, string folder)
    {
        Directory.CreateDirectory(folder);
        return new SpareTrainer(
            TrainerProcess.Start(
                trainer,
                folder,
                TrainerEnvironment.Of(StandbyRule.Threads, folder),
                "--standby"
            )
        );
    }

    /// <summary>Ends it and removes its folder.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
        TrainerProcess.Remove(_process.Folder);
    }

    private async Task<TrainerProcess?> GreetAsync()
    {
        try
        {
            _process.Greeting =
                await _process.NextAsync().AsTask().WaitAsync(Patience) as TrainerHello;
            return _process.Greeting is { Protocol: TrainerRequest.Version } ? _process : null;
        }
        catch (Exception wrong)
            when (wrong
                    is TimeoutException
                        or IOException
                        or ObjectDisposedException
                        or System.Text.Json.JsonException
                        or LineFrame.TooLongException
            )
        {
            return null;
        }
    }
}

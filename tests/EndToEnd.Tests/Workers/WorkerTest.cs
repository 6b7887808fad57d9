namespace Harness.EndToEnd.Tests.Workers;

/// <summary>A worker program before a silo of the test's.</summary>
public abstract class WorkerTest : IAsyncLifetime
{
    private readonly List<WorkerProcess> _workers = [];

    private protected StubSilo Silo { get; private set; } = null!;

    private protected string Scratch { get; } =
        Directory.CreateTempSubdirectory("harness-worker-").FullName;

    private protected static CancellationToken Cancellation =>
        TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => Silo = await StubSilo.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }

        await Silo.DisposeAsync();
        Directory.Delete(Scratch, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts one whose trainers do that.</summary>
    private protected WorkerProcess Start(
        string body,
        params (string Name, string Value)[] variables
    ) => StartOn(FakeTrainer.Write(Scratch, body), variables);

    /// <summary>Starts one with that trainer.</summary>
    private protected WorkerProcess StartOn(
        string trainer,
        params (string Name, string Value)[] variables
    )
    {
        var worker = WorkerProcess.Start(
            Silo.Url,
            Directory.CreateDirectory(Path.Combine(Scratch, "w")).FullName,
            trainer,
            variables
        );
        _workers.Add(worker);
        return worker;
    }
}

using System.Collections.Concurrent;

namespace Harness.EndToEnd.Tests.Dashboard;

/// <summary>Which addresses were asked for, so that a test can wait for a browser instead of for the clock.</summary>
internal sealed class Requests
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _seen = new();

    public void Add(string path) => Seen(path).TrySetResult();

    public Task AsyncOf(string path) =>
        Seen(path).Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

    private TaskCompletionSource Seen(string path) =>
        _seen.GetOrAdd(
            path,
            _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
}

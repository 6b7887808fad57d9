using Harness.Domain;
using Harness.Domain.Api;
using Harness.Storage.Archives;
using Harness.Storage.Workers;
using Npgsql;

namespace Harness.Grains.Archives;

/// <summary>Holds the transaction of one restore.</summary>
internal sealed class RestoreGrain(NpgsqlDataSource db, WorkerStore workers) : Grain, IRestoreGrain
{
    private ArchiveWriter? _writer;

    public override async Task OnDeactivateAsync(
        DeactivationReason reason,
        CancellationToken cancellationToken
    ) => await DropAsync();

    public Task BeginAsync(string store, string by) =>
        Outage.GuardAsync(async () =>
        {
            var own = await workers.DatabaseAsync(CancellationToken.None);
            _writer = await ArchiveWriter.BeginAsync(db, store == own, by, CancellationToken.None);
            return true;
        });

    public async Task<string?> AddAsync(string table, IReadOnlyList<string> rows)
    {
        try
        {
            return await Outage.GuardAsync<string?>(async () =>
            {
                await Writer().AddAsync(table, rows, CancellationToken.None);
                return null;
            });
        }
        catch (HarnessException refused)
        {
            return refused.Message;
        }
        catch (PostgresException refused)
        {
            return $"The database refuses a row of '{table}': {refused.MessageText}.";
        }
    }

    public Task<Restored> CommitAsync() =>
        Outage.GuardAsync(() => Writer().CommitAsync(CancellationToken.None));

    public async Task DropAsync()
    {
        if (_writer is { } writer)
        {
            _writer = null;
            await writer.DisposeAsync();
        }
    }

    private ArchiveWriter Writer() => _writer ?? throw new DatabaseUnavailableException(); // this activation is another one: its transaction is gone
}

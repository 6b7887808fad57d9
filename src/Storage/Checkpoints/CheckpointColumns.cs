using Harness.Domain.Workers;
using Npgsql;

namespace Harness.Storage.Checkpoints;

/// <summary>Columns of a checkpoint beside those of an attempt.</summary>
internal static class CheckpointColumns
{
    /// <summary>Step, hash and bytes from a column on; null where the attempt begins at the first step.</summary>
    public static StoredCheckpoint? Checkpoint(this NpgsqlDataReader row, int first) =>
        row.IsDBNull(first)
            ? null
            : new(row.GetInt32(first), row.GetString(first + 1), row.GetInt64(first + 2));
}

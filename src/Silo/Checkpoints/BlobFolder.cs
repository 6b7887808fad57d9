using System.Security.Cryptography;

namespace Harness.Silo.Checkpoints;

/// <summary>Files named by the SHA-256 of what is in them; what has a name is whole and synced.</summary>
/// <remarks>Silos of one cluster share the folder, as they share the database.</remarks>
/// <param name="path">The folder.</param>
/// <param name="time">The clock of its files.</param>
public sealed class BlobFolder(string path, TimeProvider time)
{
    private const int BufferBytes = 1 << 16;
    private const string Aside = ".new";

    /// <summary>The folder.</summary>
    public string Path { get; } = path;

    /// <summary>Takes in a file; one that is there already is only made young again.</summary>
    /// <param name="body">Its bytes.</param>
    /// <param name="hash">What they must hash to: 64 hexadecimal digits.</param>
    /// <param name="bytes">How many they must be.</param>
    /// <param name="cancellation">Ends it; nothing is left then.</param>
    /// <returns>What is wrong with the bytes, a sentence without its end; null: they are stored.</returns>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public async Task<string?> StoreAsync(
        Stream body,
        string hash,
        long bytes,
        CancellationToken cancellation
    )
    {
        Directory.CreateDirectory(Path);
        var aside = System.IO.Path.Combine(Path, $"{hash}.{Guid.NewGuid():n}{Aside}");
        try
        {
            await using (var file = File.Create(aside))
            {
                if (await CopyAsync(body, file, hash, bytes, cancellation) is { } wrong)
                {
                    return wrong;
                }

                file.Flush(flushToDisk: true);
            }

            File.Move(aside, Of(hash), overwrite: true);
            return null;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <summary>The file of that hash, or null.</summary>
    public FileStream? Open(string hash)
    {
        try
        {
            return new FileStream(
                Of(hash),
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read | FileShare.Delete
            );
        }
        catch (Exception missing)
            when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes what nobody names and was not written lately: a name may be on its way.</summary>
    /// <returns>How many files went.</returns>
    public int Collect(IReadOnlySet<string> named, TimeSpan age)
    {
        var now = time.GetUtcNow();
        var gone = 0;
        foreach (var file in new DirectoryInfo(Path).EnumerateFiles())
        {
            if (!named.Contains(file.Name) && now - file.LastWriteTimeUtc > age)
            {
                file.Delete();
                gone++;
            }
        }

        return gone;
    }

    private static async Task<string?> CopyAsync(
        Stream body,
        FileStream file,
        string hash,
        long bytes,
        CancellationToken cancellation
    )
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        int read;
        while ((read = await body.ReadAsync(buffer, cancellation)) > 0)
        {
            sha.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }

        return file.Length != bytes ? $"{file.Length} bytes came of {bytes}"
            : Convert.ToHexStringLower(sha.GetHashAndReset()) != hash
                ? "the bytes do not have the hash that they are sent under"
            : null;
    }

    private string Of(string hash) => System.IO.Path.Combine(Path, hash);
}

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Harness.Domain;
using Harness.Domain.Api;

namespace Harness.Dashboard.Archives;

/// <summary>
/// A sweep as one file: a zip of a file a table, a JSON object a line, and at its end a manifest with the hash of each.
/// </summary>
internal static class ArchiveFile
{
    private const string ManifestName = "manifest.json";
    private const int LongestLine = 16 << 20; // characters; a row of 256 points has ten thousand

    /// <summary>Writes one as its parts come.</summary>
    /// <param name="output">Where to; nothing of it is kept in memory.</param>
    /// <param name="manifest">All of it but its entries.</param>
    /// <param name="read">Reads the part at a place.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task WriteAsync(
        Stream output,
        ArchiveManifest manifest,
        Func<ArchivePlace?, Task<ArchivePart>> read,
        CancellationToken cancellation
    )
    {
        await using var zip = await ZipArchive.CreateAsync(
            output,
            ZipArchiveMode.Create,
            leaveOpen: true,
            Encoding.UTF8,
            cancellation
        );
        var entries = new List<ArchiveEntry>();
        var part = await read(null);
        while (true)
        {
            var table = part.Table;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var rows = 0L;
            ArchivePlace? next = null;
            await using (var file = await zip.CreateEntry($"{table}.jsonl").OpenAsync(cancellation))
            {
                while (true)
                {
                    foreach (var row in part.Rows)
                    {
                        var line = Encoding.UTF8.GetBytes(row + "\n");
                        hash.AppendData(line);
                        await file.WriteAsync(line, cancellation);
                        rows++;
                    }

                    if ((next = part.Next) is null)
                    {
                        break;
                    }

                    part = await read(next);
                    if (part.Table != table)
                    {
                        break;
                    }
                }
            }

            entries.Add(
                new ArchiveEntry(table, rows, Convert.ToHexStringLower(hash.GetHashAndReset()))
            );
            if (next is null)
            {
                break;
            }
        }

        await using var last = await zip.CreateEntry(ManifestName).OpenAsync(cancellation);
        await last.WriteAsync(
            JsonSerializer.SerializeToUtf8Bytes(
                manifest with
                {
                    Entries = entries,
                },
                DomainJson.Default.ArchiveManifest
            ),
            cancellation
        );
    }

    /// <summary>The manifest of a whole one: every file was read once, and is what it says.</summary>
    /// <exception cref="InvalidDataException">With a sentence.</exception>
    public static ArchiveManifest Check(ZipArchive zip)
    {
        var manifest = Manifest(zip);
        if (manifest.Format != ArchiveManifest.Version)
        {
            throw new InvalidDataException(
                $"The archive has form {manifest.Format}, and this harness reads form {ArchiveManifest.Version}: it was written by harness {manifest.Harness}."
            );
        }

        foreach (var entry in manifest.Entries)
        {
            using var file = Open(zip, entry);
            if (Convert.ToHexStringLower(SHA256.HashData(file)) != entry.Hash)
            {
                throw new InvalidDataException(
                    $"The archive is damaged: {entry.Table}.jsonl has another hash than its manifest says."
                );
            }
        }

        return manifest;
    }

    /// <summary>Rows of a table, some at a time.</summary>
    public static IEnumerable<string[]> Rows(ZipArchive zip, ArchiveEntry entry, int characters)
    {
        using var lines = new StreamReader(Open(zip, entry));
        var rows = new List<string>();
        var room = characters;
        while (lines.ReadLine() is { } line)
        {
            if (line.Length > LongestLine)
            {
                throw new InvalidDataException($"A row of {entry.Table} is too long.");
            }

            rows.Add(line);
            if ((room -= line.Length) <= 0)
            {
                yield return [.. rows];
                rows.Clear();
                room = characters;
            }
        }

        if (rows.Count > 0)
        {
            yield return [.. rows];
        }
    }

    private static ArchiveManifest Manifest(ZipArchive zip)
    {
        var entry =
            zip.GetEntry(ManifestName)
            ?? throw new InvalidDataException(
                $"The file is no whole archive of a sweep: it has no {ManifestName}."
            );
        try
        {
            using var file = entry.Open();
            return JsonSerializer.Deserialize(file, DomainJson.Default.ArchiveManifest)!;
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(
                $"The manifest of the archive cannot be read: {wrong.Message}",
                wrong
            );
        }
    }

    private static Stream Open(ZipArchive zip, ArchiveEntry entry) =>
        zip.GetEntry($"{entry.Table}.jsonl")?.Open()
        ?? throw new InvalidDataException($"The archive is damaged: it lacks {entry.Table}.jsonl.");
}

using Harness.Domain.Workers;

namespace Harness.Worker.Spool;

/// <summary>
/// What attempts measured and how they ended, on disk until a silo has taken it: while the silo or its database is away,
/// and over the death of this worker.
/// </summary>
/// <remarks>
/// Points of curves go to files of their own, so that the oldest can be dropped when the spool is full. What is handed in
/// twice is stored once, so nothing notes how far a file was handed in: it goes when all of it was taken.
/// </remarks>
public sealed class SpoolFolder
{
    private const int FileBytes = 1 << 20; // what is dropped at a time

    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly long _limit;
    private readonly SortedDictionary<string, (SpoolFile File, long Bytes)> _files = new(
        StringComparer.Ordinal
    );
    private readonly Dictionary<(long Token, SpoolKind Kind), SpoolFile> _open = [];
    private long _number;
    private long _bytes;

    private SpoolFolder(string folder, long limit) => (_folder, _limit) = (folder, limit);

    /// <summary>Bytes of all files.</summary>
    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    /// <summary>Opens a folder with what is in it.</summary>
    /// <param name="folder">The folder, of one database alone: tokens begin anew in another.</param>
    /// <param name="limit">Bytes that it may hold.</param>
    public static SpoolFolder Open(string folder, long limit)
    {
        Directory.CreateDirectory(folder);
        var spool = new SpoolFolder(folder, limit);
        foreach (var info in new DirectoryInfo(folder).EnumerateFiles())
        {
            if (SpoolFile.Parse(info.Name) is { } file)
            {
                spool.Enter(file, info.Length);
            }
            else
            {
                info.Delete(); // written aside, and never whole
            }
        }

        return spool;
    }

    /// <summary>Attempts that have something here, the oldest first.</summary>
    public IReadOnlyList<(long Trial, long Token)> Attempts
    {
        get
        {
            lock (_gate)
            {
                return
                [
                    .. _files
                        .Values.Select(entry => (entry.File.Trial, entry.File.Token))
                        .Distinct(),
                ];
            }
        }
    }

    /// <summary>Files of an attempt in the order in which they are to be handed in; what comes later goes to another file.</summary>
    public IReadOnlyList<SpoolFile> Of(long token)
    {
        lock (_gate)
        {
            _open.Remove((token, SpoolKind.Points));
            _open.Remove((token, SpoolKind.Kept));
            return
            [
                .. _files.Values.Select(entry => entry.File).Where(file => file.Token == token),
            ];
        }
    }

    /// <summary>Keeps a message of an attempt that runs.</summary>
    /// <returns>Points that had to be dropped, by token.</returns>
    public IReadOnlyDictionary<long, long> Append(AttemptData data)
    {
        lock (_gate)
        {
            if (data.Points.Count > 0)
            {
                Append(SpoolKind.Points, data with { Profiles = [], Log = [] });
            }

            if (data.Profiles.Count + data.Log.Count > 0)
            {
                Append(SpoolKind.Kept, data with { Points = [] });
            }

            return Shrink();
        }
    }

    /// <summary>Keeps how an attempt ended, with what it measured last, as one file that is whole or not there.</summary>
    /// <param name="rest">What it measured last.</param>
    /// <param name="completion">How it ended; of an end that is already here, it takes the place.</param>
    /// <param name="synced">Whether it may have to wait for long.</param>
    /// <returns>Points that had to be dropped, by token.</returns>
    public IReadOnlyDictionary<long, long> End(
        IReadOnlyList<AttemptData> rest,
        Completion completion,
        bool synced
    )
    {
        lock (_gate)
        {
            var file =
                _files
                    .Values.Select(entry => (SpoolFile?)entry.File)
                    .FirstOrDefault(file =>
                        file is { Kind: SpoolKind.End } end && end.Token == completion.Token
                    )
                ?? new SpoolFile(++_number, completion.TrialId, completion.Token, SpoolKind.End);
            var path = Path(file);
            Folder.Durable.Write(path, stream => SpoolText.Write(stream, rest, completion), synced);
            Enter(file, new FileInfo(path).Length);
            return Shrink();
        }
    }

    /// <summary>What a file holds; empty where it had to be dropped meanwhile.</summary>
    public SpoolText Read(SpoolFile file) => SpoolText.Read(Path(file), file.Kind);

    /// <summary>Forgets a file.</summary>
    public void Remove(SpoolFile file)
    {
        lock (_gate)
        {
            if (_files.Remove(file.Name, out var entry))
            {
                Count(-entry.Bytes);
                File.Delete(Path(file));
            }
        }
    }

    /// <summary>Forgets all of an attempt.</summary>
    public void Remove(long token)
    {
        foreach (var file in Of(token))
        {
            Remove(file);
        }
    }

    private void Append(SpoolKind kind, AttemptData data)
    {
        if (
            !_open.TryGetValue((data.Token, kind), out var file)
            || !_files.TryGetValue(file.Name, out var entry)
            || entry.Bytes >= FileBytes
        )
        {
            file = new SpoolFile(++_number, data.TrialId, data.Token, kind);
            _open[(data.Token, kind)] = file;
        }

        var path = Path(file);
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write);
        var before = stream.Seek(0, SeekOrigin.End);
        try
        {
            SpoolText.Write(stream, [data], null);
            stream.Flush();
        }
        catch (IOException)
        {
            // On a full disk half of a line may stand there, and the next one would be glued to it.
            stream.SetLength(before);
            throw;
        }
        finally
        {
            Enter(file, stream.Length);
        }
    }

    private void Enter(SpoolFile file, long bytes)
    {
        Count(bytes - (_files.TryGetValue(file.Name, out var entry) ? entry.Bytes : 0));
        _files[file.Name] = (file, bytes);
        _number = Math.Max(_number, file.Number);
    }

    // Curves alone can spare some of their points: a profile or a result is measured once.
    private Dictionary<long, long> Shrink()
    {
        Dictionary<long, long> dropped = [];
        while (
            _bytes > _limit
            && _files.Values.Where(entry => entry.File.Kind == SpoolKind.Points).Take(1).ToList()
                is [var oldest]
        )
        {
            var token = oldest.File.Token;
            dropped[token] = dropped.GetValueOrDefault(token) + Read(oldest.File).Points;
            Remove(oldest.File);
        }

        return dropped;
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        WorkerMeter.SpoolBytes.Add(bytes);
    }

    private string Path(SpoolFile file) => System.IO.Path.Combine(_folder, file.Name);
}

using System.Security.Cryptography;
using Harness.Domain;

namespace Harness.Cli.Launcher;

/// <summary>Everything of a local run; deleting it is a clean slate.</summary>
public sealed class DataFolder
{
    /// <summary>With less nothing is started: a first cluster and its log take about 60 MiB.</summary>
    public const long LeastFreeBytes = 256L << 20;

    /// <summary>Opens the folder, and makes it where it is missing.</summary>
    public DataFolder(string path)
    {
        Path = System.IO.Path.GetFullPath(path);
        RefuseFile(Path);
        try
        {
            // As root the cluster belongs to another user, who must be able to pass through.
            Make(
                Path,
                Environment.IsPrivilegedProcess
                    ? (UnixFileMode)0b111_001_001
                    : (UnixFileMode)0b111_000_000
            );
            foreach (var folder in new[] { Secrets, Logs, Scratch, Checkpoints, Reports })
            {
                Make(folder, (UnixFileMode)0b111_000_000);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(Path, error);
        }

        RequireSpace(Path, Path);
    }

    /// <summary>Whether a run could use that folder; makes nothing. Throws where not.</summary>
    /// <returns>Space of its disk.</returns>
    public static DiskSpace Inspect(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        RefuseFile(full);
        var there = full;
        while (!Directory.Exists(there))
        {
            there = System.IO.Path.GetDirectoryName(there)!;
            RefuseFile(there);
        }

        try
        {
            Probe(there);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritable(full, error);
        }

        RequireSpace(full, there);
        return DiskSpace.Of(there);
    }

    /// <summary>Its full path.</summary>
    public string Path { get; }

    /// <summary>Passwords and tokens, a file each.</summary>
    public string Secrets => In("secrets");

    /// <summary>A log a program.</summary>
    public string Logs => In("logs");

    /// <summary>Where attempts put their files.</summary>
    public string Scratch => In("scratch");

    /// <summary>What attempts had learnt, until their trials end.</summary>
    public string Checkpoints => In("checkpoints");

    /// <summary>Written reports.</summary>
    public string Reports => In("reports");

    /// <summary>Takes the folder: who serves it, or changes it as a whole, holds this. Null: somebody else does.</summary>
    public FileStream? TryLock()
    {
        try
        {
            // The kernel lets go of it however this process ends.
            return new FileStream(
                In("supervisor.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A file or folder in it.</summary>
    public string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Path of a secret; drawn at the first call.</summary>
    public string Secret(string name)
    {
        var path = System.IO.Path.Combine(Secrets, name);
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var file = new StreamWriter(path, options);
            file.Write(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32)));
        }

        return path;
    }

    private static void RefuseFile(string path)
    {
        if (File.Exists(path))
        {
            throw new HarnessException(
                $"The data folder cannot be at {path}, which is a file: choose another one with --data."
            );
        }
    }

    private static HarnessException NotWritable(string path, Exception error) =>
        new(
            $"The data folder {path} cannot be written ({error.Message.TrimEnd('.')}): choose another one with --data.",
            HarnessException.Infrastructure,
            error
        );

    private static void RequireSpace(string path, string there)
    {
        var free = DiskSpace.Of(there).Free;
        if (free < LeastFreeBytes)
        {
            throw new HarnessException(
                $"The disk of the data folder {path} has {free >> 20} MiB left: free {LeastFreeBytes >> 20} MiB, or choose another folder with --data."
            );
        }
    }

    private static void Make(string path, UnixFileMode mode)
    {
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path, mode);
        }

        Probe(path);
    }

    // A folder that cannot be written to is better told now than by the first program that tries.
    private static void Probe(string path)
    {
        var probe = System.IO.Path.Combine(path, $".probe-{Environment.ProcessId}");
        File.WriteAllText(probe, "");
        File.Delete(probe);
    }
}

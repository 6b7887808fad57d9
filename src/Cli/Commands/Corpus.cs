using System.IO.Compression;
using System.Security.Cryptography;
using Harness.Domain;
using Harness.Domain.Catalogue;
using Harness.Domain.Trials;

namespace Harness.Cli.Commands;

/// <summary>Data files of tasks, looked for where the trainer looks.</summary>
public static class Corpus
{
    private const long LargestBytes = 64L << 20;

    /// <summary>What is missing on this machine, as one sentence a task; empty where nothing is.</summary>
    public static IReadOnlyList<string> Missing(IReadOnlyList<TrialSpec> trials) =>
        [
            .. trials
                .Where(trial => trial.DataHash is not null)
                .Select(trial => trial.Task)
                .Distinct()
                .Select(TrainerCatalogue.Task)
                .Where(task => task?.DataHash is not null && !IsHere(task.DataHash))
                .Select(task =>
                    $"The data of task {task!.Name} are not on this machine: run `{task.DataSetup}`, or set HARNESS_DATA to their folder."
                ),
        ];

    /// <summary>Throws where something is missing.</summary>
    public static void Require(IReadOnlyList<TrialSpec> trials)
    {
        if (Missing(trials) is [var first, ..])
        {
            throw new HarnessException(first);
        }
    }

    /// <summary>Whether a file with that hash, packed or not, lies in one of the folders.</summary>
    public static bool IsHere(string hash) =>
        new[] { Environment.GetEnvironmentVariable("HARNESS_DATA"), "/usr/share/dictd" }
            .OfType<string>()
            .Where(Directory.Exists)
            .SelectMany(Directory.GetFiles)
            .Where(file => new FileInfo(file).Length <= LargestBytes)
            .Any(file => Hash(file) == hash);

    private static string? Hash(string file)
    {
        try
        {
            using var stream = File.OpenRead(file);
            var packed = stream.ReadByte() == 0x1f && stream.ReadByte() == 0x8b;
            stream.Position = 0;
            using Stream content = packed
                ? new GZipStream(stream, CompressionMode.Decompress)
                : stream;
            return Convert.ToHexStringLower(SHA256.HashData(content));
        }
        catch (Exception error)
            when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

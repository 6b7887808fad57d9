using System.IO.Compression;
using System.Security.Cryptography;

namespace Harness;

/// <summary>Data files of tasks, packed by gzip. Trainer, worker and command line look for them in one way.</summary>
internal static class TaskData
{
    private const string PackageFolder = "/usr/share/dictd";

    /// <summary>The file of that name in the folder of HARNESS_DATA, else where the package puts it; null where it is in neither.</summary>
    public static string? Find(string name) =>
        new[] { Environment.GetEnvironmentVariable("HARNESS_DATA"), PackageFolder }
            .OfType<string>()
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <summary>SHA-256 of its content; null where it is missing or cannot be read.</summary>
    public static string? Hash(string name)
    {
        try
        {
            if (Find(name) is not { } path)
            {
                return null;
            }

            using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            return Convert.ToHexStringLower(SHA256.HashData(content));
        }
        catch (Exception error)
            when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

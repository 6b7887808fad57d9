using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Harness.Domain.Trials;

namespace Harness.Training.Tasks;

/// <summary>A real text that a distribution's package ships.</summary>
/// <param name="File">Its file's name.</param>
/// <param name="Hash">SHA-256 of the unpacked text.</param>
/// <param name="Setup">Command that installs it.</param>
public sealed record Corpus(string File, string Hash, string Setup)
{
    /// <summary>
    /// Ambrose Bierce, The Devil's Dictionary (1911), from the Debian package dict-devil. Public domain, says the package.
    /// </summary>
    public static Corpus DevilsDictionary { get; } =
        new(
            "devil.dict.dz",
            "703d1225d2fb927653bfd8b00e4e96938e0b630c6023edd26702ac6ed50383f8",
            "apt-get install dict-devil"
        );

    /// <summary>The text; throws a <see cref="DataException"/> when it is missing or another one.</summary>
    public string Read()
    {
        var path = TaskData.Find(File);
        if (path is null)
        {
            throw new DataException(
                $"The corpus {File} is not there: run `./dev data` or `{Setup}`, or set HARNESS_DATA to its folder."
            );
        }

        using var unpacked = new MemoryStream();
        using (
            var packed = new GZipStream(System.IO.File.OpenRead(path), CompressionMode.Decompress)
        )
        {
            packed.CopyTo(unpacked);
        }

        var bytes = unpacked.ToArray();
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == Hash
            ? Encoding.Latin1.GetString(bytes)
            : throw new DataException(
                $"{path} is not the catalogued text: its SHA-256 differs. Install it again: `./dev data` or `{Setup}`."
            );
    }
}

/// <summary>A data set is missing or is not the catalogued one.</summary>
/// <param name="message">What to do.</param>
public sealed class DataException(string message) : Exception(message)
{
    /// <summary>How an attempt fails by it.</summary>
    public static FailureKind Kind => FailureKind.Data;
}

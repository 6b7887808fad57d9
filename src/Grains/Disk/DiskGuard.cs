using System.Globalization;
using Harness.Domain;
using Harness.Domain.Sweeps;

namespace Harness.Grains.Disk;

/// <summary>
/// Knows whether a disk of the database runs full. A full disk ends PostgreSQL, and every lease with it; so before that
/// nothing new is taken. What runs goes on: its results are small, and losing them would cost more.
/// </summary>
/// <param name="paths">Folders on the disks that count.</param>
/// <param name="least">What must stay free.</param>
/// <param name="look">Space under a folder.</param>
/// <param name="time">The clock.</param>
public sealed class DiskGuard(
    IReadOnlyList<string> paths,
    LowWater least,
    Func<string, DiskSpace> look,
    TimeProvider time
)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1); // a look costs microseconds; a lane asks often

    private readonly Lock _gate = new();
    private long? _at;
    private string? _sentence;

    /// <summary>Watches nothing.</summary>
    public static DiskGuard None { get; } =
        new([], LowWater.Default, DiskSpace.Of, TimeProvider.System);

    /// <summary>
    /// One that watches the folders of <c>HARNESS_DISK</c> (colons between), and holds <c>HARNESS_DISK_FREE</c> and
    /// <c>HARNESS_DISK_FREE_PERCENT</c> of their disks free.
    /// </summary>
    /// <param name="setting">Finds a setting by its name.</param>
    public static DiskGuard Of(Func<string, string?> setting)
    {
        var least = LowWater.Default;
        if (setting("HARNESS_DISK_FREE") is { Length: > 0 } size)
        {
            least = least with
            {
                Bytes =
                    Units.Bytes(size) ?? throw Wrong("HARNESS_DISK_FREE", size, Units.SizeGrammar),
            };
        }

        if (setting("HARNESS_DISK_FREE_PERCENT") is { Length: > 0 } text)
        {
            least = least with
            {
                Percent =
                    double.TryParse(
                        text,
                        NumberStyles.AllowDecimalPoint,
                        CultureInfo.InvariantCulture,
                        out var percent
                    )
                    && percent <= 100
                        ? percent
                        : throw Wrong("HARNESS_DISK_FREE_PERCENT", text, "a number from 0 to 100"),
            };
        }

        var paths = (setting("HARNESS_DISK") ?? "").Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        return new(paths, least, DiskSpace.Of, TimeProvider.System);
    }

    /// <summary>Why nothing new is taken now, in a sentence for people; null while there is space.</summary>
    public string? Sentence
    {
        get
        {
            lock (_gate)
            {
                if (_at is not { } at || time.GetElapsedTime(at) >= Fresh)
                {
                    _at = time.GetTimestamp();
                    _sentence = Spaces().FirstOrDefault(least.IsLow) is { } low
                        ? least.Sentence(low)
                        : null;
                }

                return _sentence;
            }
        }
    }

    /// <summary>Throws where nothing new is taken.</summary>
    /// <exception cref="DiskLowException">With the sentence.</exception>
    public void Require()
    {
        if (Sentence is { } low)
        {
            throw new DiskLowException(low);
        }
    }

    // A folder that cannot be asked for says nothing: no reason to stop everything.
    private IEnumerable<DiskSpace> Spaces()
    {
        foreach (var path in paths)
        {
            DiskSpace? space = null;
            try
            {
                space = look(path);
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                // Not mounted, or gone.
            }

            if (space is not null)
            {
                yield return space;
            }
        }
    }

    private static HarnessException Wrong(string name, string text, string expected) =>
        new($"{name} is '{text}': give {expected}.", HarnessException.BadInput);
}

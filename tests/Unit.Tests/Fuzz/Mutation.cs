using System.Text;

namespace Harness.Unit.Tests.Fuzz;

/// <summary>Makes wrong files of right ones: the same seed and number give the same bytes.</summary>
/// <param name="corpus">Right files.</param>
internal sealed class Mutation(IReadOnlyList<byte[]> corpus)
{
    private static readonly byte[][] Sharp =
    [
        .. new[]
        {
            "[",
            "{",
            "]",
            "}",
            ": ",
            "\n",
            "\n---\n",
            "- ",
            "&a ",
            "*a",
            "!!binary ",
            "!!",
            "!<:> ",
            "'",
            "\"",
            "|\n ",
            "<<: *a",
            "? ",
            "%YAML 9.9\n",
            "\t",
            "#",
            "99999999999999999999",
            "-1",
            "1e400",
            ".nan",
            "~",
            "10000",
            "{distribution: uniform, min: 1, max: 4096, count: 10000}",
            "\\ud800",
            "\u202e",
            "\u2028",
            "\u0085",
            "\0",
            "😀",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>The file of that number.</summary>
    public byte[] File(int seed, int number)
    {
        var random = new Random(HashCode(seed, number));
        var file = Any(random);
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            file = Changed(file, random);
        }

        return file.Length <= 300_000 ? file : file[..300_000];
    }

    // The runtime's own hash of two numbers differs from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 486187739) + number);

    private byte[] Any(Random random) => corpus[random.Next(corpus.Count)];

    private byte[] Changed(byte[] file, Random random)
    {
        var (from, to) = Part(file, random);
        switch (random.Next(12))
        {
            case 0: // a bit
                var flipped = file.ToArray();
                if (flipped.Length > 0)
                {
                    flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
                }

                return flipped;
            case 1: // a part is gone
                return [.. file[..from], .. file[to..]];
            case 2: // a part stands again elsewhere
                var at = random.Next(file.Length + 1);
                return [.. file[..at], .. file[from..to], .. file[at..]];
            case 3: // the beginning of one file, the end of another
                var other = Any(random);
                return [.. file[..from], .. other[random.Next(other.Length + 1)..]];
            case 4: // broken off
                return file[..from];
            case 5: // a sharp word
                return [.. file[..from], .. Sharp[random.Next(Sharp.Length)], .. file[from..]];
            case 6: // a sharp word for a part
                return [.. file[..from], .. Sharp[random.Next(Sharp.Length)], .. file[to..]];
            case 7: // nested deep, in brackets, braces or lists
                var open = new[] { "[", "{a: ", "- ", "{\"a\":", "? " }[random.Next(5)];
                var deep = string.Concat(Enumerable.Repeat(open, random.Next(1, 20_000)));
                return [.. file[..from], .. Encoding.UTF8.GetBytes(deep), .. file[from..]];
            case 8: // a huge scalar
                var sign = (byte)"a9 #\"\n:\t-."[random.Next(10)];
                return
                [
                    .. file[..from],
                    .. Enumerable.Repeat(sign, random.Next(1, 200_000)),
                    .. file[from..],
                ];
            case 9: // aliases of aliases
                return [.. file, .. Encoding.UTF8.GetBytes(Laughs(random.Next(1, 60)))];
            case 10: // another encoding
                var text = Encoding.UTF8.GetString(file);
                return random.Next(4) switch
                {
                    0 => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
                    1 => Encoding.BigEndianUnicode.GetBytes(text),
                    2 => Encoding.UTF32.GetBytes(text),
                    _ => [.. Encoding.UTF8.GetPreamble(), .. file],
                };
            default: // the lines in another order
                var lines = Encoding.UTF8.GetString(file).Split('\n');
                random.Shuffle(lines);
                return Encoding.UTF8.GetBytes(string.Join('\n', lines));
        }
    }

    private static (int From, int To) Part(byte[] file, Random random)
    {
        var from = random.Next(file.Length + 1);
        return (from, Math.Min(file.Length, from + random.Next(1, 80)));
    }

    private static string Laughs(int levels) =>
        string.Concat(
            Enumerable
                .Range(1, levels)
                .Select(level => $"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]\n")
                .Prepend("\na0: &a0 [x, x, x]\n")
        );
}

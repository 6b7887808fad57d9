namespace Harness.Worker.Attempts;

/// <summary>Cuts a stream into lines of a bounded length.</summary>
public static class LineFrame
{
    /// <summary>Longest line of a trainer.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>A line was longer than allowed.</summary>
    public sealed class TooLongException() : Exception($"a line is longer than {MaxBytes} bytes");

    /// <summary>Lines without their ends, until the stream ends.</summary>
    /// <param name="stream">Where from.</param>
    /// <param name="whole">False: a longer line is cut instead of refused.</param>
    public static async IAsyncEnumerable<byte[]> ReadAsync(Stream stream, bool whole)
    {
        var buffer = new byte[64 * 1024];
        using var line = new MemoryStream();
        var cut = false;
        int read;
        while ((read = await stream.ReadAsync(buffer)) > 0)
        {
            var from = 0;
            for (var at = 0; at < read; at++)
            {
                if (buffer[at] != (byte)'\n')
                {
                    continue;
                }

                Append(line, buffer, from, at, whole, ref cut);
                yield return line.ToArray();
                line.SetLength(0);
                (from, cut) = (at + 1, false);
            }

            Append(line, buffer, from, read, whole, ref cut);
        }

        if (line.Length > 0)
        {
            yield return line.ToArray();
        }
    }

    private static void Append(
        MemoryStream line,
        byte[] buffer,
        int from,
        int to,
        bool whole,
        ref bool cut
    )
    {
        var room = MaxBytes - (int)line.Length;
        if (to - from > room)
        {
            if (whole)
            {
                throw new TooLongException();
            }

            cut = true;
        }

        line.Write(buffer, from, Math.Min(to - from, room));
    }
}

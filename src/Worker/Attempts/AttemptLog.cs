using System.Text;

namespace Harness.Worker.Attempts;

/// <summary>What a trainer wrote to standard error: bounded, without control characters.</summary>
public sealed class AttemptLog
{
    private const int MaxLines = 2000; // of one attempt; the rest is counted
    private const int MaxLength = 2000; // of one line
    private const int TailLines = 20;

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private int _dropped;

    /// <summary>Adds a line.</summary>
    public void Add(byte[] line)
    {
        var text = new string([
            .. Encoding
                .UTF8.GetString(line)
                .Where(symbol => !char.IsControl(symbol) || symbol == '\t')
                .Take(MaxLength),
        ]);
        lock (_gate)
        {
            if (_lines.Count < MaxLines)
            {
                _lines.Add(text);
            }
            else
            {
                _dropped++;
                _lines[^1] = $"… {_dropped} more lines";
            }
        }
    }

    /// <summary>Lines from that number on.</summary>
    public IReadOnlyList<string> From(int number)
    {
        lock (_gate)
        {
            return [.. _lines.Skip(number)];
        }
    }

    /// <summary>The last lines, for a reason.</summary>
    public string Tail()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines.TakeLast(TailLines));
        }
    }
}

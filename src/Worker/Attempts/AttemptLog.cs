using System.Text;
using Harness.Domain.Workers;

namespace Harness.Worker.Attempts;

/// <summary>What a trainer wrote to standard error: bounded, without control characters.</summary>
public sealed class AttemptLog
{
    private const int MaxLines = 2000; // of one attempt; the rest is counted
    private const int MaxLength = 2000; // of one line
    private const int TailLines = 20;
    private const int MaxTailLength = 500; // of one of them: a reason is bounded as well

    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private readonly Queue<string> _tail = []; // also of what is not kept: the reason of an end stands last
    private int _dropped;

    /// <summary>Adds a line of the trainer.</summary>
    public void Add(byte[] line) => Add(Encoding.UTF8.GetString(line));

    /// <summary>Adds a line of the worker itself.</summary>
    public void Note(string line) => Add($"worker: {line}");

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
            return string.Join('\n', _tail.Select(line => BoundedText.Cut(line, MaxTailLength)));
        }
    }

    private void Add(string line)
    {
        var text = BoundedText.Cut(
            new string([.. line.Where(symbol => !char.IsControl(symbol) || symbol == '\t')]),
            MaxLength
        );
        lock (_gate)
        {
            _tail.Enqueue(text);
            if (_tail.Count > TailLines)
            {
                _tail.Dequeue();
            }

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
}

using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Harness.Domain;
using Harness.Domain.Workers;

namespace Harness.Worker.Spool;

/// <summary>The lines of a file of the spool: messages as they are sent, and at the end of an attempt its completion.</summary>
/// <param name="Data">Messages, in order.</param>
/// <param name="Completion">How the attempt ended, where the file says it.</param>
public sealed record SpoolText(IReadOnlyList<AttemptData> Data, Completion? Completion)
{
    /// <summary>Points of curves.</summary>
    public long Points => Data.Sum(data => data.Points.Sum(points => (long)points.Steps.Count));

    /// <summary>Writes lines to the end of a stream.</summary>
    public static void Write(Stream stream, IReadOnlyList<AttemptData> data, Completion? completion)
    {
        using var lines = new MemoryStream();
        foreach (var message in data)
        {
            JsonSerializer.Serialize(lines, message, DomainJson.Default.AttemptData);
            lines.WriteByte((byte)'\n');
        }

        if (completion is not null)
        {
            JsonSerializer.Serialize(lines, completion, DomainJson.Default.Completion);
            lines.WriteByte((byte)'\n');
        }

        stream.Write(lines.GetBuffer(), 0, (int)lines.Length);
    }

    /// <summary>Reads a file. Its last line may be torn, by a death or a full disk: what stands before it counts.</summary>
    public static SpoolText Read(string path, SpoolKind kind)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            return new SpoolText([], null);
        }

        List<AttemptData> data = [];
        Completion? completion = null;
        foreach (var line in Lines(bytes))
        {
            if (Parse(line, DomainJson.Default.AttemptData) is { } message)
            {
                data.Add(message);
            }
            else if (kind == SpoolKind.End)
            {
                completion = Parse(line, DomainJson.Default.Completion) ?? completion;
            }
        }

        return new SpoolText(data, completion);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(byte[] bytes)
    {
        var from = 0;
        int length;
        while ((length = bytes.AsSpan(from).IndexOf((byte)'\n')) >= 0)
        {
            yield return bytes.AsMemory(from, length);
            from += length + 1;
        }
    }

    private static T? Parse<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

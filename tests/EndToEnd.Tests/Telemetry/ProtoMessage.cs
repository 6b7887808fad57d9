using System.Globalization;
using Google.Protobuf;

namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>A protobuf message read without its schema: fields by number, a nested message when it is asked for.</summary>
internal sealed class ProtoMessage
{
    private readonly ILookup<int, object> _fields;

    private ProtoMessage(ILookup<int, object> fields) => _fields = fields;

    /// <summary>Reads one; throws where the bytes are no message.</summary>
    public static ProtoMessage Read(ByteString bytes)
    {
        var fields = new List<(int Number, object Value)>();
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => (ulong)input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes(),
                var type => throw new InvalidDataException($"A field has the wire type {type}."),
            };
            fields.Add((WireFormat.GetTagFieldNumber(tag), value));
        }

        return new ProtoMessage(fields.ToLookup(field => field.Number, field => field.Value));
    }

    public bool Has(int field) => _fields.Contains(field);

    public IEnumerable<ProtoMessage> Messages(int field) =>
        _fields[field].Select(value => Read((ByteString)value));

    public string Text(int field) =>
        ((ByteString?)_fields[field].LastOrDefault())?.ToStringUtf8() ?? "";

    /// <summary>Bytes as hex digits, as ids are written.</summary>
    public string Hex(int field) =>
        _fields[field].LastOrDefault() is ByteString bytes
            ? Convert.ToHexStringLower(bytes.Span)
            : "";

    public ulong Number(int field) => (ulong?)_fields[field].LastOrDefault() ?? 0;

    public double Double(int field) => BitConverter.UInt64BitsToDouble(Number(field));

    /// <summary>OTLP's attributes of this message: a list of keys and values in that field.</summary>
    public IReadOnlyDictionary<string, string> Attributes(int field) =>
        Messages(field)
            .ToDictionary(
                pair => pair.Text(1),
                pair => pair.Messages(2).Select(AnyValue).FirstOrDefault(""),
                StringComparer.Ordinal
            );

    /// <summary>OTLP's AnyValue as text.</summary>
    public static string AnyValue(ProtoMessage value) =>
        value.Has(1) ? value.Text(1)
        : value.Has(2) ? (value.Number(2) != 0 ? "true" : "false")
        : value.Has(3) ? ((long)value.Number(3)).ToString(CultureInfo.InvariantCulture)
        : value.Has(4) ? value.Double(4).ToString(CultureInfo.InvariantCulture)
        : value.Has(5)
            ? string.Join(',', value.Messages(5).SelectMany(l => l.Messages(1)).Select(AnyValue))
        : "";
}

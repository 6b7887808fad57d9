using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace Harness.Dashboard.Export;

/// <summary>A column of an exported view.</summary>
/// <param name="Ordinal">Its place.</param>
/// <param name="Name">Name.</param>
/// <param name="Type">PostgreSQL's name of its type.</param>
public sealed record Column(int Ordinal, string Name, string Type)
{
    /// <summary>The columns that people get: those for filters, cursors and order are the views' own business.</summary>
    public static IReadOnlyList<Column> Of(NpgsqlDataReader rows) =>
        [
            .. Enumerable
                .Range(0, rows.FieldCount)
                .Select(i => new Column(i, rows.GetName(i), rows.GetDataTypeName(i)))
                .Where(column =>
                    !column.Name.EndsWith("_id", StringComparison.Ordinal)
                    && !column.Name.EndsWith("_ids", StringComparison.Ordinal)
                    && column.Type != "xid8"
                ),
        ];

    /// <summary>The value as a field of a table; empty where there is none.</summary>
    public string Field(NpgsqlDataReader rows) =>
        rows.IsDBNull(Ordinal)
            ? ""
            : rows.GetValue(Ordinal) switch
            {
                string text => Type is "json" or "jsonb" ? text : Csv.Text(text),
                bool flag => flag ? "true" : "false",
                double number => number.ToString("R", CultureInfo.InvariantCulture),
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
                Array items => Csv.Text(string.Join(' ', items.Cast<object>())),
                var other => Csv.Text(other.ToString() ?? ""),
            };

    /// <summary>The value as JSON.</summary>
    public void Json(Utf8JsonWriter writer, NpgsqlDataReader rows)
    {
        writer.WritePropertyName(Name);
        if (rows.IsDBNull(Ordinal))
        {
            writer.WriteNullValue();
            return;
        }

        switch (rows.GetValue(Ordinal))
        {
            case string text when Type is "json" or "jsonb":
                writer.WriteRawValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case short or int or long:
                writer.WriteNumberValue(
                    Convert.ToInt64(rows.GetValue(Ordinal), CultureInfo.InvariantCulture)
                );
                break;
            case double number when double.IsFinite(number):
                writer.WriteNumberValue(number);
                break;
            // JSON has no such numbers: the words are those of the API.
            case double number:
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
                break;
            case DateTime time:
                writer.WriteStringValue(time);
                break;
            case Array items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    writer.WriteStringValue(item?.ToString());
                }

                writer.WriteEndArray();
                break;
            case var other:
                writer.WriteStringValue(Convert.ToString(other, CultureInfo.InvariantCulture));
                break;
        }
    }
}

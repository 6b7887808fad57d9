namespace Harness.EndToEnd.Tests.Telemetry;

/// <summary>A span as it arrived.</summary>
internal sealed record ReceivedSpan
{
    public required IReadOnlyDictionary<string, string> Resource { get; init; }

    /// <summary>Name of the source that made it.</summary>
    public required string Scope { get; init; }

    public required string Name { get; init; }

    public required string Trace { get; init; }

    public required string Id { get; init; }

    /// <summary>Empty: a root.</summary>
    public required string Parent { get; init; }

    public required ulong Start { get; init; }

    public required ulong End { get; init; }

    /// <summary>0 unset, 1 ok, 2 error.</summary>
    public required ulong Status { get; init; }

    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    public required IReadOnlyList<(string Trace, string Span)> Links { get; init; }

    public string Service => Resource.GetValueOrDefault("service.name", "");

    public override string ToString() => $"{Service} {Scope} '{Name}' {Trace}/{Parent}/{Id}";
}

/// <summary>A metric as it arrived, once for each export.</summary>
internal sealed record ReceivedMetric
{
    public required IReadOnlyDictionary<string, string> Resource { get; init; }

    /// <summary>Name of the meter that made it.</summary>
    public required string Scope { get; init; }

    public required string Name { get; init; }

    public required string Unit { get; init; }

    /// <summary>gauge, counter, updowncounter or histogram.</summary>
    public required string Kind { get; init; }

    public required IReadOnlyList<MetricPoint> Points { get; init; }

    public string Service => Resource.GetValueOrDefault("service.name", "");
}

/// <summary>One point of a metric.</summary>
/// <param name="Attributes">What it is of.</param>
/// <param name="Value">A histogram's number of measurements, or the value.</param>
internal sealed record MetricPoint(IReadOnlyDictionary<string, string> Attributes, double Value);

/// <summary>A log record as it arrived.</summary>
internal sealed record ReceivedLog(
    string Service,
    string Scope,
    string Body,
    string Trace,
    ulong Time
);

/// <summary>Reads OTLP's three requests; numbers of fields are those of opentelemetry-proto 1.x.</summary>
internal static class Otlp
{
    public static IEnumerable<ReceivedSpan> Spans(ProtoMessage request) =>
        from resource in request.Messages(1)
        let about = Resource(resource)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan
        {
            Resource = about,
            Scope = ScopeName(scope),
            Trace = span.Hex(1),
            Id = span.Hex(2),
            Parent = span.Hex(4),
            Name = span.Text(5),
            Start = span.Number(7),
            End = span.Number(8),
            Attributes = span.Attributes(9),
            Links = [.. span.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))],
            Status = span.Messages(15).Select(status => status.Number(3)).FirstOrDefault(),
        };

    public static IEnumerable<ReceivedMetric> Metrics(ProtoMessage request) =>
        from resource in request.Messages(1)
        let about = Resource(resource)
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        let data = Data(metric)
        select new ReceivedMetric
        {
            Resource = about,
            Scope = ScopeName(scope),
            Name = metric.Text(1),
            Unit = metric.Text(3),
            Kind = data.Kind,
            Points = data.Points,
        };

    public static IEnumerable<ReceivedLog> Logs(ProtoMessage request) =>
        from resource in request.Messages(1)
        let about = Resource(resource)
        from scope in resource.Messages(2)
        from log in scope.Messages(2)
        select new ReceivedLog(
            about.GetValueOrDefault("service.name", ""),
            ScopeName(scope),
            log.Messages(5).Select(ProtoMessage.AnyValue).FirstOrDefault(""),
            log.Hex(9),
            log.Number(1)
        );

    private static (string Kind, IReadOnlyList<MetricPoint> Points) Data(ProtoMessage metric)
    {
        if (metric.Messages(5).FirstOrDefault() is { } gauge)
        {
            return ("gauge", [.. gauge.Messages(1).Select(Number)]);
        }

        if (metric.Messages(7).FirstOrDefault() is { } sum)
        {
            return (
                sum.Number(3) != 0 ? "counter" : "updowncounter",
                [.. sum.Messages(1).Select(Number)]
            );
        }

        return metric.Messages(9).FirstOrDefault() is { } histogram
            ? (
                "histogram",
                [
                    .. histogram
                        .Messages(1)
                        .Select(point => new MetricPoint(point.Attributes(9), point.Number(4))),
                ]
            )
            : ("other", []);
    }

    private static MetricPoint Number(ProtoMessage point) =>
        new(point.Attributes(7), point.Has(4) ? point.Double(4) : (long)point.Number(6));

    private static IReadOnlyDictionary<string, string> Resource(ProtoMessage message) =>
        message.Messages(1).Select(resource => resource.Attributes(1)).First();

    private static string ScopeName(ProtoMessage message) =>
        message.Messages(1).Select(scope => scope.Text(1)).FirstOrDefault("");
}

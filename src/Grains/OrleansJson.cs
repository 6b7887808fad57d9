using Harness.Domain;
using Orleans.Serialization;

namespace Harness.Grains;

/// <summary>Lets the records of the domain cross grain calls in their one JSON form.</summary>
public static class OrleansJson
{
    /// <summary>Registers it; silos and clients both need it.</summary>
    public static ISerializerBuilder AddDomainJson(this ISerializerBuilder builder) =>
        builder.AddJsonSerializer(
            type => type.Namespace?.StartsWith("Harness.Domain", StringComparison.Ordinal) == true,
            DomainJson.Default.Options
        );
}

using Harness.Domain;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;

namespace Harness.Grains;

/// <summary>Lets the records of the domain cross grain calls in their one JSON form.</summary>
public static class OrleansJson
{
    /// <summary>Registers it; silos and clients both need it.</summary>
    public static ISerializerBuilder AddDomainJson(this ISerializerBuilder builder)
    {
        builder.Services.AddSingleton<IGeneralizedCopier, AsItIs>();
        return builder.AddJsonSerializer(
            isSerializable: IsOfDomain,
            isCopyable: _ => false,
            options =>
                options.Configure(json => json.SerializerOptions = DomainJson.Default.Options)
        );
    }

    private static bool IsOfDomain(Type type) =>
        type.Namespace?.StartsWith("Harness.Domain", StringComparison.Ordinal) == true;

    /// <summary>
    /// A call inside a silo hands a record over as it is: nobody changes one once it is made, and a copy through JSON
    /// costs more than all that the dispatcher does with it.
    /// </summary>
    private sealed class AsItIs : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsOfDomain(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}

using System.Collections.Frozen;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>What the contracts call their resources: one of a collection, and sample names by type.</summary>
internal sealed class ResourceNames
{
    private readonly FrozenDictionary<string, string> singulars;
    private readonly FrozenDictionary<string, string> samples;

    /// <summary>Reads the resources that the messages of the contracts declare.</summary>
    public ResourceNames(Contracts contracts)
    {
        List<ResourceDescriptor> all =
        [
            .. from file in contracts.Files
               from message in file.MessageTypes
               let resource = message.GetOptions()?.GetExtension(ResourceExtensions.Resource)
               where resource is not null
               select resource,
        ];
        singulars = all.Where(resource => resource.Plural.Length > 0)
            .DistinctBy(resource => resource.Plural)
            .ToFrozenDictionary(resource => resource.Plural, resource => resource.Singular, StringComparer.Ordinal);
        samples = all.ToFrozenDictionary(
            resource => resource.Type, resource => Sample(resource.Pattern[0]), StringComparer.Ordinal);
    }

    /// <summary>One of a collection: customer of customers.</summary>
    public string Singular(string collection) =>
        singulars.GetValueOrDefault(collection, collection.TrimEnd('s'));

    /// <summary>A name that a resource of this type might have; null for an unknown type.</summary>
    public string? SampleOf(string type) => samples.GetValueOrDefault(type);

    // customers/{customer}/occasions/{occasion} becomes customers/customer-1/occasions/occasion-1.
    private static string Sample(string pattern) => pattern
        .Replace("{", "", StringComparison.Ordinal)
        .Replace("}", "-1", StringComparison.Ordinal);
}

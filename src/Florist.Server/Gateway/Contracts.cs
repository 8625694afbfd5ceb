using System.Collections.Immutable;
using System.Reflection;
using Florist.Protos.Orders.V1;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Florist.Server.Gateway;

/// <summary>The published contracts, as the assembly of generated messages holds them.</summary>
internal sealed class Contracts
{
    private const string Ours = "florist.";

    /// <summary>Every file of Florist's own, by package.</summary>
    public ImmutableArray<FileDescriptor> Files { get; } =
    [
        .. from type in typeof(OrdersReflection).Assembly.GetTypes()
           where type is { IsAbstract: true, IsSealed: true }
           let file = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)?.GetValue(null)
               as FileDescriptor
           where file?.Package.StartsWith(Ours, StringComparison.Ordinal) == true
           orderby file.Package
           select file,
    ];

    /// <summary>Every service of these files.</summary>
    public ImmutableArray<ServiceDescriptor> Services => [.. Files.SelectMany(file => file.Services)];
}

using System.Reflection;
using Florist.Kernel;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Orleans.Serialization.Configuration;

namespace Florist.Server;

/// <summary>
/// How Florist's types travel between silos: as the JSON in which they are stored. Within a silo they are passed by
/// reference, which nobody can notice, because all of them are immutable.
/// </summary>
internal static class WireForm
{
    private const string Product = "Florist";

    // What went wrong in the database of another silo shall arrive as itself, not as a type without a form.
    private const string Driver = "Npgsql";

    // Generated messages are mutable and never handed to grains; a mistake shall fail instead of aliasing.
    private const string Contract = "Florist.Protos";

    /// <summary>Adds the form to the services of a silo or of a client; both ends need it.</summary>
    /// <param name="services">The services.</param>
    /// <param name="assemblies">Assemblies whose abstract types may be named on the wire.</param>
    public static void AddWireForm(this IServiceCollection services, params Assembly[] assemblies)
    {
        services.AddSerializer(serializer => serializer.AddJsonSerializer(
            isSerializable: IsOurs,
            isCopyable: null,
            configureOptions: options => options.Configure(json => json.SerializerOptions = FloristJson.Options)));
        services.AddSingleton<IGeneralizedCopier, SharedImmutables>();
        services.Configure<TypeManifestOptions>(options =>
        {
            foreach (Assembly assembly in assemblies)
            {
                options.AddAllowedAssembly(assembly);
            }
        });
        services.Configure<ExceptionSerializationOptions>(options =>
        {
            options.SupportedNamespacePrefixes.Add(Product);
            options.SupportedNamespacePrefixes.Add(Driver);
        });
    }

    /// <summary>
    /// True for what grains exchange. Exceptions and references to grains have forms of their own.
    /// </summary>
    internal static bool IsOurs(Type type) =>
        IsWithin(type.Namespace, Product)
        && !IsWithin(type.Namespace, Contract)
        && !type.IsAssignableTo(typeof(Exception))
        && !type.IsAssignableTo(typeof(IAddressable));

    private static bool IsWithin(string? space, string root) =>
        space is not null
        && space.StartsWith(root, StringComparison.Ordinal)
        && (space.Length == root.Length || space[root.Length] == '.');

    /// <summary>Gives the same object for a copy.</summary>
    private sealed class SharedImmutables : IGeneralizedCopier
    {
        public bool IsSupportedType(Type type) => IsOurs(type);

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}

using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Orleans.InProcess.Tests;

/// <summary>
/// Everything public here has its name from the published packages: a type or member they lack could not be compiled
/// against them. The packages are downloaded at restore, never referenced.
/// </summary>
public sealed class SurfaceTests
{
    private const string Version = "10.4.2";

    private static readonly string[] Packages =
    [
        "Core.Abstractions", "Core", "Runtime", "Reminders", "Serialization", "Serialization.Abstractions",
    ];

    [Fact]
    public void Every_public_type_and_member_exists_in_the_published_packages()
    {
        Dictionary<string, HashSet<string>> published = Published();
        List<string> strangers = [];
        foreach (Type type in typeof(IGrain).Assembly.GetExportedTypes())
        {
            string name = type.FullName ?? type.Name;
            if (!published.TryGetValue(name, out HashSet<string>? members))
            {
                strangers.Add(name);
                continue;
            }

            strangers.AddRange(Members(type).Where(m => !members.Contains(m)).Select(m => $"{name}.{m}"));
        }

        Assert.InRange(typeof(IGrain).Assembly.GetExportedTypes().Length, 40, 80);
        Assert.Empty(strangers);
    }

    [Fact]
    public void Interfaces_that_others_implement_demand_nothing_more_than_the_published_ones()
    {
        // A grain storage, filter or grain written against this surface has to satisfy the published interfaces too.
        Dictionary<string, HashSet<string>> required = Published(abstractOnly: true);
        foreach (Type type in new[]
        {
            typeof(Storage.IGrainStorage), typeof(IGrainState<>), typeof(IIncomingGrainCallFilter), typeof(IGrainBase),
            typeof(IRemindable), typeof(IGrainWithStringKey),
        })
        {
            IEnumerable<string> ours = type.GetMethods().Where(m => m.IsAbstract).Select(Signature);
            Assert.Equal(required[type.FullName ?? type.Name].Order(), ours.Order());
        }
    }

    [Fact]
    public void Attributes_and_enumerations_have_the_published_values()
    {
        Assert.Equal(
            ["None", "ShuttingDown", "ActivationFailed", "DirectoryFailure", "ActivationIdle", "ActivationUnresponsive",
                "DuplicateActivation", "IncompatibleRequest", "ApplicationError", "ApplicationRequested", "Migrating",
                "RuntimeRequested", "HighMemoryPressure"],
            Enum.GetNames<DeactivationReasonCode>());
    }

    private static IEnumerable<string> Members(Type type)
    {
        const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
            | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.GetMethods(Declared)
            .Where(m => m.IsPublic || m.IsFamily || m.IsFamilyOrAssembly)
            .Select(Signature)
            .Concat(type.GetConstructors(Declared)
                .Where(c => c.IsPublic || c.IsFamily)
                .Select(Signature));
    }

    private static string Signature(MethodBase method) => $"{method.Name}/{method.GetParameters().Length}";

    private static Dictionary<string, HashSet<string>> Published(bool abstractOnly = false)
    {
        Dictionary<string, HashSet<string>> types = [];
        string root = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        foreach (string package in Packages)
        {
            string folder = Path.Combine(root, $"microsoft.orleans.{package.ToLowerInvariant()}", Version);
            string file = Path.Combine(folder, "lib", "net10.0", $"Orleans.{package}.dll");
            Assert.SkipUnless(File.Exists(file), $"Microsoft.Orleans.{package} {Version} was not restored");
            using PEReader image = new(File.OpenRead(file));
            Read(image.GetMetadataReader(), types, abstractOnly);
        }

        return types;
    }

    private static void Read(MetadataReader reader, Dictionary<string, HashSet<string>> types, bool abstractOnly)
    {
        foreach (TypeDefinition type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
        {
            if ((type.Attributes & TypeAttributes.VisibilityMask) != TypeAttributes.Public)
            {
                continue;
            }

            string name = $"{reader.GetString(type.Namespace)}.{reader.GetString(type.Name)}";
            types[name] = [.. type.GetMethods().Select(reader.GetMethodDefinition)
                .Where(m => !abstractOnly || (m.Attributes & MethodAttributes.Abstract) != 0)
                .Select(m => Signature(reader, m))];
        }
    }

    private static string Signature(MetadataReader reader, MethodDefinition method)
    {
        BlobReader blob = reader.GetBlobReader(method.Signature);
        SignatureHeader header = blob.ReadSignatureHeader();
        if (header.IsGeneric)
        {
            blob.ReadCompressedInteger();
        }

        return $"{reader.GetString(method.Name)}/{blob.ReadCompressedInteger()}";
    }
}

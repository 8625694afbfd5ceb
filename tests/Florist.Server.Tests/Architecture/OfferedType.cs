using System.Reflection;
using System.Reflection.Metadata;

namespace Florist.Server.Tests.Architecture;

/// <summary>A public type of an assembly.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Parents">What it derives from and implements.</param>
/// <param name="Members">Its own public and protected members, name and signature.</param>
internal sealed record OfferedType(string Name, IReadOnlyList<string> Parents, IReadOnlySet<string> Members)
{
    /// <summary>Reads a type; null when it is not public.</summary>
    public static OfferedType? Read(MetadataReader reader, TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        if (!IsPublic(reader, type))
        {
            return null;
        }

        SignatureText text = new();
        List<string> parents = [];
        if (!type.BaseType.IsNil)
        {
            parents.Add(NameOf(reader, type.BaseType, text));
        }

        parents.AddRange(type.GetInterfaceImplementations()
            .Select(i => NameOf(reader, reader.GetInterfaceImplementation(i).Interface, text)));
        return new OfferedType(
            text.GetTypeFromDefinition(reader, handle, 0),
            parents,
            Methods(reader, type, text).Concat(Fields(reader, type, text)).ToHashSet(StringComparer.Ordinal));
    }

    /// <summary>True when the type, or one that it derives from, has the member.</summary>
    public bool Has(string member, IReadOnlyDictionary<string, OfferedType> all) =>
        Members.Contains(member) || Parents.Any(parent =>
            all.TryGetValue(parent.Split('<')[0], out OfferedType? above) && above.Has(member, all));

    private static bool IsPublic(MetadataReader reader, TypeDefinition type) =>
        (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem =>
                IsPublic(reader, reader.GetTypeDefinition(type.GetDeclaringType())),
            _ => false,
        };

    private static IEnumerable<string> Methods(MetadataReader reader, TypeDefinition type, SignatureText text) =>
        type.GetMethods().Select(reader.GetMethodDefinition)
            .Where(method => (method.Attributes & MethodAttributes.MemberAccessMask)
                is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem)
            .Select(method => reader.GetString(method.Name) + " "
                + SignatureText.Of(method.DecodeSignature(text, null)));

    private static IEnumerable<string> Fields(MetadataReader reader, TypeDefinition type, SignatureText text) =>
        type.GetFields().Select(reader.GetFieldDefinition)
            .Where(field => (field.Attributes & FieldAttributes.FieldAccessMask)
                is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem)
            .Select(field => reader.GetString(field.Name) + " " + field.DecodeSignature(text, null));

    private static string NameOf(MetadataReader reader, EntityHandle handle, SignatureText text) => handle.Kind switch
    {
        HandleKind.TypeReference => text.GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeDefinition => text.GetTypeFromDefinition(reader, (TypeDefinitionHandle)handle, 0),
        _ => text.GetTypeFromSpecification(reader, null, (TypeSpecificationHandle)handle, 0),
    };
}

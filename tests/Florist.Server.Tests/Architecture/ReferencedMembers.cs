using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Florist.Server.Tests.Architecture;

/// <summary>A type or member of one assembly that another was compiled against.</summary>
/// <param name="Type">Full name of the type, nested ones with <c>+</c>.</param>
/// <param name="Member">Name and signature; null when only the type is named.</param>
internal sealed record ReferencedMember(string Type, string? Member)
{
    public override string ToString() => Member is null ? Type : $"{Type}: {Member}";
}

/// <summary>Reads what a compiled assembly uses of others, and what an assembly offers.</summary>
internal static class ReferencedMembers
{
    /// <summary>All that <paramref name="file"/> uses of the assembly <paramref name="of"/>.</summary>
    public static IReadOnlySet<ReferencedMember> In(string file, string of)
    {
        using PEReader image = new(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        SignatureText text = new();
        HashSet<ReferencedMember> found = [];
        foreach (TypeReferenceHandle handle in reader.TypeReferences)
        {
            if (AssemblyOf(reader, handle) == of)
            {
                found.Add(new ReferencedMember(text.GetTypeFromReference(reader, handle, 0), null));
            }
        }

        foreach (MemberReference member in reader.MemberReferences.Select(reader.GetMemberReference))
        {
            if (DeclaringType(reader, member.Parent) is { } type && AssemblyOf(reader, type) == of)
            {
                string signature = member.GetKind() == MemberReferenceKind.Method
                    ? SignatureText.Of(member.DecodeMethodSignature(text, null))
                    : member.DecodeFieldSignature(text, null);
                found.Add(new ReferencedMember(
                    text.GetTypeFromReference(reader, type, 0), reader.GetString(member.Name) + " " + signature));
            }
        }

        return found;
    }

    /// <summary>The public and protected members of the public types of an assembly, with those they inherit.</summary>
    public static Dictionary<string, OfferedType> OfferedBy(IEnumerable<string> files)
    {
        Dictionary<string, OfferedType> offered = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            using PEReader image = new(File.OpenRead(file));
            MetadataReader reader = image.GetMetadataReader();
            foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
            {
                if (OfferedType.Read(reader, handle) is { } type)
                {
                    offered[type.Name] = type;
                }
            }
        }

        return offered;
    }

    private static TypeReferenceHandle? DeclaringType(MetadataReader reader, EntityHandle parent) => parent.Kind switch
    {
        HandleKind.TypeReference => (TypeReferenceHandle)parent,
        HandleKind.TypeSpecification => reader.GetTypeSpecification((TypeSpecificationHandle)parent)
            .DecodeSignature(new GenericDefinition(), null),
        _ => null,
    };

    private static string? AssemblyOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        return scope.Kind switch
        {
            HandleKind.TypeReference => AssemblyOf(reader, (TypeReferenceHandle)scope),
            HandleKind.AssemblyReference =>
                reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name),
            _ => null,
        };
    }

    /// <summary>Finds which type a generic instance is made from.</summary>
    private sealed class GenericDefinition : ISignatureTypeProvider<TypeReferenceHandle?, object?>
    {
        public TypeReferenceHandle? GetTypeFromReference(
            MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => handle;

        public TypeReferenceHandle? GetGenericInstantiation(
            TypeReferenceHandle? genericType, ImmutableArray<TypeReferenceHandle?> typeArguments) => genericType;

        public TypeReferenceHandle? GetArrayType(TypeReferenceHandle? elementType, ArrayShape shape) => null;

        public TypeReferenceHandle? GetByReferenceType(TypeReferenceHandle? elementType) => null;

        public TypeReferenceHandle? GetFunctionPointerType(MethodSignature<TypeReferenceHandle?> signature) => null;

        public TypeReferenceHandle? GetGenericMethodParameter(object? genericContext, int index) => null;

        public TypeReferenceHandle? GetGenericTypeParameter(object? genericContext, int index) => null;

        public TypeReferenceHandle? GetModifiedType(
            TypeReferenceHandle? modifier, TypeReferenceHandle? unmodifiedType, bool isRequired) => unmodifiedType;

        public TypeReferenceHandle? GetPinnedType(TypeReferenceHandle? elementType) => null;

        public TypeReferenceHandle? GetPointerType(TypeReferenceHandle? elementType) => null;

        public TypeReferenceHandle? GetPrimitiveType(PrimitiveTypeCode typeCode) => null;

        public TypeReferenceHandle? GetSZArrayType(TypeReferenceHandle? elementType) => null;

        public TypeReferenceHandle? GetTypeFromDefinition(
            MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => null;

        public TypeReferenceHandle? GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => null;
    }
}

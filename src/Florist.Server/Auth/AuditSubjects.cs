using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Florist.Server.Auth;

/// <summary>
/// What a call asks for, as the contract tells of its messages: fields that refer to resources, the names of resources,
/// and the filter of a listing. Nothing else of a message is looked at.
/// </summary>
internal static class AuditSubjects
{
    private const int NamesMax = 1_000;
    private const int NameLengthMax = 256;
    private const int FilterLengthMax = 2_000;

    // A request, the resource in it, and what that resource holds of its own.
    private const int DepthMax = 2;

    private static readonly ConcurrentDictionary<MessageDescriptor, ImmutableArray<FieldDescriptor>> Fields = new();

    /// <summary>Names in a request, each once, and that of the resource which was answered.</summary>
    public static ImmutableArray<string> NamesOf(IMessage? request, IMessage? answer)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        Collect(request, names, 0);
        if (answer is not null && IsResource(answer.Descriptor)
            && answer.Descriptor.FindFieldByName("name")?.Accessor.GetValue(answer) is string name)
        {
            Add(name, names);
        }

        return [.. names.Order(StringComparer.Ordinal)];
    }

    /// <summary>The filter of a listing; null when the request has none.</summary>
    public static string? FilterOf(IMessage? request) =>
        request?.Descriptor.FindFieldByName("filter") is { FieldType: FieldType.String, IsRepeated: false } field
        && field.Accessor.GetValue(request) is string { Length: > 0 } filter
            ? Clean(filter, FilterLengthMax)
            : null;

    /// <summary>A text as it is kept: without control characters, and cut off where it is too long.</summary>
    public static string Clean(string text, int lengthMax)
    {
        string cut = text.Length <= lengthMax ? text : text[..lengthMax];
        return cut.Any(char.IsControl) ? string.Concat(cut.Select(c => char.IsControl(c) ? ' ' : c)) : cut;
    }

    private static void Collect(IMessage? message, HashSet<string> names, int depth)
    {
        if (message is null)
        {
            return;
        }

        foreach (FieldDescriptor field in Fields.GetOrAdd(message.Descriptor, Named))
        {
            switch (field.Accessor.GetValue(message))
            {
                case string name:
                    Add(name, names);
                    break;
                case IMessage inner when depth < DepthMax:
                    Collect(inner, names, depth + 1);
                    break;
                case IEnumerable several and not IMessage:
                    foreach (object? one in several)
                    {
                        Add(one as string ?? "", names);
                    }

                    break;
            }
        }
    }

    private static void Add(string name, HashSet<string> names)
    {
        if (name.Length > 0 && names.Count < NamesMax)
        {
            names.Add(Clean(name, NameLengthMax));
        }
    }

    private static ImmutableArray<FieldDescriptor> Named(MessageDescriptor message) =>
    [
        .. message.Fields.InDeclarationOrder().Where(field => field.FieldType switch
        {
            FieldType.String => RefersToResource(field) || (field.Name == "name" && IsResource(message)),
            FieldType.Message => !field.IsRepeated && IsOurs(field.MessageType),
            _ => false,
        }),
    ];

    private static bool RefersToResource(FieldDescriptor field) =>
        field.GetOptions()?.HasExtension(ResourceExtensions.ResourceReference) == true;

    private static bool IsResource(MessageDescriptor message) =>
        message.GetOptions()?.HasExtension(ResourceExtensions.Resource) == true;

    private static bool IsOurs(MessageDescriptor message) =>
        message.File.Package.StartsWith("florist.", StringComparison.Ordinal);
}

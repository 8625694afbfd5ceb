using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Florist.Server.Gateway.OpenApi;

/// <summary>
/// The comments of the contracts. Descriptors at run time have none, so the compiler's own description of the contracts
/// is kept beside them.
/// </summary>
internal sealed class ContractComments
{
    private const string Resource = "contracts.protoset";

    // Numbers of the fields through which a location leads, as descriptor.proto has them.
    private const int FileMessages = 4;
    private const int FileEnums = 5;
    private const int FileServices = 6;
    private const int MessageFields = 2;
    private const int MessageNested = 3;
    private const int MessageEnums = 4;
    private const int EnumValues = 2;
    private const int ServiceMethods = 2;

    private readonly FrozenDictionary<string, string> texts;

    /// <summary>Reads the comments of all contracts.</summary>
    public ContractComments()
    {
        using Stream resource = typeof(Florist.Protos.Orders.V1.OrdersReflection).Assembly
            .GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The contracts were built without {Resource}.");
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (FileDescriptorProto file in FileDescriptorSet.Parser.ParseFrom(resource).File)
        {
            foreach (SourceCodeInfo.Types.Location location in file.SourceCodeInfo.Location)
            {
                if (location.HasLeadingComments && NameAt(file, [.. location.Path]) is { } name)
                {
                    found[name] = Clean(location.LeadingComments);
                }
            }
        }

        texts = found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>The comment of a message, field, enum, value, service or method; empty without one.</summary>
    public string this[IDescriptor element] => texts.GetValueOrDefault(element.FullName, "");

    private static string? NameAt(FileDescriptorProto file, ReadOnlySpan<int> path) => path switch
    {
        [FileServices, int service] => $"{file.Package}.{file.Service[service].Name}",
        [FileServices, int service, ServiceMethods, int method] =>
            $"{file.Package}.{file.Service[service].Name}.{file.Service[service].Method[method].Name}",
        [FileEnums, int number, .. var rest] => InEnum(file.Package, file.EnumType[number], rest),
        [FileMessages, int number, .. var rest] => InMessage(file.Package, file.MessageType[number], rest),
        _ => null,
    };

    private static string? InMessage(string scope, DescriptorProto message, ReadOnlySpan<int> path)
    {
        string name = $"{scope}.{message.Name}";
        return path switch
        {
            [] => name,
            [MessageFields, int field] => $"{name}.{message.Field[field].Name}",
            [MessageNested, int nested, .. var rest] => InMessage(name, message.NestedType[nested], rest),
            [MessageEnums, int number, .. var rest] => InEnum(name, message.EnumType[number], rest),
            _ => null,
        };
    }

    private static string? InEnum(string scope, EnumDescriptorProto type, ReadOnlySpan<int> path) => path switch
    {
        [] => $"{scope}.{type.Name}",
        [EnumValues, int value] => $"{scope}.{type.Name}.{type.Value[value].Name}",
        _ => null,
    };

    // Lines of a paragraph are joined; an empty line, or one that begins a list, starts anew.
    private static string Clean(string comment)
    {
        System.Text.StringBuilder text = new();
        foreach (string line in comment.Split('\n').Select(line => line.Trim()))
        {
            bool isBreak = line.Length == 0 || line.StartsWith("- ", StringComparison.Ordinal);
            if (text.Length > 0)
            {
                text.Append(isBreak ? '\n' : ' ');
            }

            text.Append(line);
        }

        return text.ToString().Trim().Replace("\n ", "\n", StringComparison.Ordinal);
    }
}

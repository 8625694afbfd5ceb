using Google.Protobuf.Collections;
using Google.Protobuf.Reflection;
using Label = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Label;

namespace Florist.Tests.Contracts;

/// <summary>
/// Everything about descriptors that two programs must agree on to understand each other, one line of text for each
/// name: numbers, types, labels, oneofs and signatures. Comments and options for code generators are left out.
/// </summary>
internal sealed class DescriptorFacts
{
    private readonly SortedDictionary<string, string> facts = new(StringComparer.Ordinal);

    public DescriptorFacts(FileDescriptorSet files)
    {
        foreach (FileDescriptorProto file in files.File)
        {
            facts.Add($"file {file.Name}", $"package {file.Package}");
            AddMessages(file.Package, file.MessageType);
            AddEnums(file.Package, file.EnumType);
            AddFields($"{file.Package} extension", [], file.Extension);
            AddServices(file.Package, file.Service);
        }
    }

    /// <summary>What is known, by name.</summary>
    public IReadOnlyDictionary<string, string> All => facts;

    /// <summary>One sentence for each difference; nothing when both agree.</summary>
    public IEnumerable<string> DifferencesFrom(DescriptorFacts published)
    {
        foreach ((string name, string fact) in facts)
        {
            if (!published.facts.TryGetValue(name, out string? other))
            {
                yield return $"{name} ({fact}) is not published";
            }
            else if (other != fact)
            {
                yield return $"{name} is '{fact}' here and '{other}' as published";
            }
        }

        foreach ((string name, string fact) in published.facts)
        {
            if (!facts.ContainsKey(name))
            {
                yield return $"{name} ({fact}) is missing here";
            }
        }
    }

    /// <summary>The same without the names for which the predicate holds.</summary>
    public DescriptorFacts Without(Predicate<string> isLeftOut)
    {
        DescriptorFacts rest = new(new FileDescriptorSet());
        foreach ((string name, string fact) in facts)
        {
            if (!isLeftOut(name))
            {
                rest.facts.Add(name, fact);
            }
        }

        return rest;
    }

    private void AddMessages(string scope, IEnumerable<DescriptorProto> messages)
    {
        foreach (DescriptorProto message in messages)
        {
            string name = $"{scope}.{message.Name}";
            facts.Add($"message {name}", message.Options?.MapEntry == true ? "map entry" : "message");
            AddFields(name, message.OneofDecl, message.Field);
            AddFields($"{name} extension", [], message.Extension);
            AddMessages(name, message.NestedType);
            AddEnums(name, message.EnumType);
        }
    }

    private void AddFields(
        string scope, RepeatedField<OneofDescriptorProto> oneofs, IEnumerable<FieldDescriptorProto> fields)
    {
        foreach (FieldDescriptorProto field in fields)
        {
            string label = field.Label == Label.Repeated ? "repeated" : field.Proto3Optional ? "optional" : "single";
            string oneof = field.HasOneofIndex && !field.Proto3Optional ? $" in {oneofs[field.OneofIndex].Name}" : "";
            string packed = field.Options?.HasPacked == true ? $" packed={field.Options.Packed}" : "";
            string type = $"{label} {field.Type}{field.TypeName} = {field.Number}{oneof}{packed}";
            facts.Add($"{scope}.{field.Name}", $"{type} json {field.JsonName} {field.Extendee}");
        }
    }

    private void AddEnums(string scope, IEnumerable<EnumDescriptorProto> enums)
    {
        foreach (EnumDescriptorProto type in enums)
        {
            facts.Add($"enum {scope}.{type.Name}", "enum");
            foreach (EnumValueDescriptorProto value in type.Value)
            {
                facts.Add($"{scope}.{type.Name}.{value.Name}", $"= {value.Number}");
            }
        }
    }

    private void AddServices(string scope, IEnumerable<ServiceDescriptorProto> services)
    {
        foreach (ServiceDescriptorProto service in services)
        {
            facts.Add($"service {scope}.{service.Name}", "service");
            foreach (MethodDescriptorProto method in service.Method)
            {
                string input = (method.ClientStreaming ? "stream " : "") + method.InputType;
                string output = (method.ServerStreaming ? "stream " : "") + method.OutputType;
                facts.Add($"{scope}.{service.Name}.{method.Name}", $"({input}) returns ({output})");
            }
        }
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Tests.Contracts;

/// <summary>The shape of a record's JSON: the properties that it can have, as paths.</summary>
internal static class StoredShape
{
    private const string DepthSign = "…";

    /// <summary>Every property that the record can write, as <c>lines[].bouquet</c>.</summary>
    public static ImmutableSortedSet<string> Properties(Type record)
    {
        ImmutableSortedSet<string>.Builder paths = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        Walk(record, "", paths, []);
        return paths.ToImmutable();
    }

    /// <summary>Every property that a document has.</summary>
    public static IEnumerable<string> PropertiesOf(JsonNode? document, Type record) =>
        Mentioned(document, record, "").Distinct(StringComparer.Ordinal);

    /// <summary>A document with every property; of alternatives, the one with that number.</summary>
    public static JsonNode Sample(Type type, int alternative) => Sample(type, alternative, "text", []);

    /// <summary>Values of one document that the other lacks or has otherwise.</summary>
    public static IEnumerable<string> Lost(JsonNode? before, JsonNode? after, string path = "")
    {
        switch (before)
        {
            case JsonObject old:
                return old.SelectMany(property => property.Value is null
                    ? []
                    : Lost(property.Value, (after as JsonObject)?[property.Key], $"{path}.{property.Key}"));
            case JsonArray old:
                return old.SelectMany((item, i) => Lost(
                    item, after is JsonArray now && now.Count > i ? now[i] : null, $"{path}[{i}]"));
            default:
                return JsonNode.DeepEquals(before, after)
                    ? []
                    : [$"{path}: {before?.ToJsonString()} became {after?.ToJsonString() ?? "nothing"}"];
        }
    }

    private static void Walk(
        Type type, string path, ImmutableSortedSet<string>.Builder paths, ImmutableHashSet<Type> within)
    {
        JsonTypeInfo shape = FloristJson.Options.GetTypeInfo(type);
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary when shape.ElementType is { } element:
                Walk(element, path + (shape.Kind == JsonTypeInfoKind.Enumerable ? "[]" : "{}"), paths, within);
                break;
            case JsonTypeInfoKind.Object when within.Contains(type):
                paths.Add(path + DepthSign);
                break;
            case JsonTypeInfoKind.Object:
                foreach (Type one in Alternatives(shape))
                {
                    foreach (JsonPropertyInfo property in Written(FloristJson.Options.GetTypeInfo(one)))
                    {
                        string name = Join(path, one == type ? "" : $"<{one.Name}>", property.Name);
                        paths.Add(name);
                        Walk(property.PropertyType, name, paths, within.Add(type));
                    }
                }

                break;
        }
    }

    private static IEnumerable<string> Mentioned(JsonNode? node, Type type, string path)
    {
        JsonTypeInfo shape = FloristJson.Options.GetTypeInfo(type);
        switch (node)
        {
            case JsonArray items when shape.ElementType is { } element:
                return items.SelectMany(item => Mentioned(item, element, path + "[]"));
            case JsonObject map when shape.Kind == JsonTypeInfoKind.Dictionary && shape.ElementType is { } element:
                return map.SelectMany(entry => Mentioned(entry.Value, element, path + "{}"));
            case JsonObject record when shape.Kind == JsonTypeInfoKind.Object:
                Type one = AlternativeOf(shape, record);
                return Written(FloristJson.Options.GetTypeInfo(one))
                    .Where(property => record[property.Name] is not null)
                    .SelectMany(property =>
                    {
                        string name = Join(path, one == type ? "" : $"<{one.Name}>", property.Name);
                        return Mentioned(record[property.Name], property.PropertyType, name).Prepend(name);
                    });
            default:
                return [];
        }
    }

    private static JsonNode Sample(Type type, int alternative, string name, ImmutableHashSet<Type> within)
    {
        JsonTypeInfo shape = FloristJson.Options.GetTypeInfo(type);
        switch (shape.Kind)
        {
            case JsonTypeInfoKind.Enumerable when shape.ElementType is { } element:
                return new JsonArray(Sample(element, alternative, name, within));
            case JsonTypeInfoKind.Dictionary when shape.ElementType is { } element:
                string key = shape.KeyType is { } keys ? Leaf(keys, "key").ToString() : "key";
                return new JsonObject { [key] = Sample(element, alternative, name, within) };
            case JsonTypeInfoKind.Object when !within.Contains(type):
                Type[] all = [.. Alternatives(shape)];
                Type one = all[alternative % all.Length];
                JsonObject record = [];
                if (shape.PolymorphismOptions is { } options)
                {
                    record[options.TypeDiscriminatorPropertyName] =
                        (string?)options.DerivedTypes.Single(derived => derived.DerivedType == one).TypeDiscriminator;
                }

                foreach (JsonPropertyInfo property in Written(FloristJson.Options.GetTypeInfo(one)))
                {
                    record[property.Name] =
                        Sample(property.PropertyType, alternative, property.Name, within.Add(type));
                }

                return record;
            default:
                return Leaf(type, name);
        }
    }

    private static JsonNode Leaf(Type type, string name)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        object value = plain switch
        {
            _ when plain == typeof(string) => name,
            _ when plain == typeof(bool) => true,
            _ when plain == typeof(DateTimeOffset) => new DateTimeOffset(2026, 5, 8, 9, 30, 0, TimeSpan.Zero),
            _ when plain == typeof(DateOnly) => new DateOnly(2026, 5, 8),
            _ when plain == typeof(TimeOnly) => new TimeOnly(9, 30),
            _ when plain == typeof(TimeSpan) => TimeSpan.FromMinutes(30),
            _ when plain == typeof(Milestone) => new Milestone(
                MilestoneKind.Collect, 1, new DateTimeOffset(2026, 5, 8, 9, 30, 0, TimeSpan.Zero), true),
            _ when plain.IsEnum => Enum.GetValues(plain).GetValue(Enum.GetValues(plain).Length - 1) ?? 0,
            _ when plain.IsPrimitive => Convert.ChangeType(7, plain, System.Globalization.CultureInfo.InvariantCulture),
            _ => Activator.CreateInstance(plain, "id1") ?? "",
        };
        return JsonSerializer.SerializeToNode(value, plain, FloristJson.Options) ?? throw new JsonException("null");
    }

    private static IEnumerable<Type> Alternatives(JsonTypeInfo shape) =>
        shape.PolymorphismOptions?.DerivedTypes.Select(derived => derived.DerivedType) ?? [shape.Type];

    private static Type AlternativeOf(JsonTypeInfo shape, JsonObject record) =>
        shape.PolymorphismOptions is { } options
            ? options.DerivedTypes.Single(derived =>
                (string?)derived.TypeDiscriminator == (string?)record[options.TypeDiscriminatorPropertyName]).DerivedType
            : shape.Type;

    // What is derived from other properties is written too, but never read.
    private static IEnumerable<JsonPropertyInfo> Written(JsonTypeInfo shape) => shape.Properties.Where(
        property => property.Get is not null && (property.Set is not null || property.AssociatedParameter is not null));

    private static string Join(string path, string kind, string name) =>
        path.Length == 0 ? kind + name : $"{path}{kind}.{name}";
}

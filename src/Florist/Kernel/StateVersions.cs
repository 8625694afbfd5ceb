using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>
/// The version of a stored record's shape. Records without it are of version 1. It is raised by one when a stored
/// property is renamed, retyped or gets another meaning; a property that is merely added needs no new version.
/// </summary>
/// <param name="version">The present version, 2 or more.</param>
/// <param name="upcasts">
/// One <see cref="IStateUpcast"/> a step, with a public parameterless constructor: the first makes 2 out of 1, and
/// so on.
/// </param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class StateVersionAttribute(int version, params Type[] upcasts) : Attribute
{
    /// <summary>The present version.</summary>
    public int Version { get; } = version;

    /// <summary>The steps, oldest first.</summary>
    public ImmutableArray<Type> Upcasts { get; } = [.. upcasts];
}

/// <summary>Turns the JSON of a stored record into that of its next version.</summary>
public interface IStateUpcast
{
    /// <summary>Changes the record in place. Pure: the same JSON always becomes the same.</summary>
    /// <param name="record">The record, without its version.</param>
    void Apply(JsonObject record);
}

/// <summary>
/// A record was written by a later version of the program, which this one cannot read without losing what it does not
/// know. Nothing is changed; run the later version.
/// </summary>
public sealed class NewerStateException(string message) : OrleansException(message);

/// <summary>The version of stored JSON: its first property, left out for version 1.</summary>
internal static class StateVersions
{
    private const string Property = "$version";

    private static ReadOnlySpan<byte> Mark => "{\"$version\":"u8;

    /// <summary>Puts the version of a <typeparamref name="T"/> in front; version 1 stays as it is.</summary>
    public static byte[] Stamped<T>(byte[] json)
    {
        if (Steps<T>.Version == 1)
        {
            return json;
        }

        string mark = string.Create(CultureInfo.InvariantCulture, $"{{\"{Property}\":{Steps<T>.Version}");
        bool isEmpty = json.Length == 2;
        return [.. Encoding.ASCII.GetBytes(isEmpty ? mark : mark + ","), .. json.AsSpan(1)];
    }

    /// <summary>The JSON as the present version of a <typeparamref name="T"/> would have written it.</summary>
    /// <exception cref="NewerStateException">A later version has written it.</exception>
    public static ReadOnlySpan<byte> Current<T>(ReadOnlySpan<byte> json)
    {
        if (Steps<T>.Version == 1 && !json.StartsWith(Mark))
        {
            return json;
        }

        JsonObject record = JsonSerializer.Deserialize<JsonObject>(json)
            ?? throw new JsonException($"null is no {typeof(T).Name}");
        int version = record[Property]?.GetValue<int>() ?? 1;
        if (version > Steps<T>.Version)
        {
            throw new NewerStateException(
                $"a {typeof(T).Name} of version {version} was written by a later version of Florist; this one knows "
                + $"versions up to {Steps<T>.Version}");
        }

        record.Remove(Property);
        foreach (IStateUpcast step in Steps<T>.All.AsSpan()[(version - 1)..])
        {
            step.Apply(record);
        }

        return JsonSerializer.SerializeToUtf8Bytes(record);
    }

    private static class Steps<T>
    {
        public static readonly int Version = typeof(T).GetCustomAttribute<StateVersionAttribute>()?.Version ?? 1;

        public static readonly ImmutableArray<IStateUpcast> All = Read();

        private static ImmutableArray<IStateUpcast> Read()
        {
            ImmutableArray<Type> types = typeof(T).GetCustomAttribute<StateVersionAttribute>()?.Upcasts ?? [];
            return types.Length == Version - 1
                ? [.. types.Select(Activator.CreateInstance).Cast<IStateUpcast>()]
                : throw new InvalidOperationException(
                    $"{typeof(T).Name} is of version {Version} and has {types.Length} steps instead of {Version - 1}");
        }
    }
}

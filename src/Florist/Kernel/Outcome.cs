using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Florist.Kernel;

/// <summary>What a command came to: a value, or the <see cref="Kernel.Fault"/> that refused it.</summary>
/// <typeparam name="T">The value of success.</typeparam>
public sealed record Outcome<T>
{
    /// <summary>
    /// For the serialiser; use the conversions from <typeparamref name="T"/> and <see cref="Kernel.Fault"/>.
    /// </summary>
    [JsonConstructor]
    public Outcome(T? value, Fault? fault)
    {
        Value = value;
        Fault = fault;
    }

    /// <summary>The value; meaningful only while <see cref="Fault"/> is null.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public T? Value { get; }

    /// <summary>The refusal; null on success.</summary>
    public Fault? Fault { get; }

    /// <summary>Success.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>Refusal.</summary>
    public static implicit operator Outcome<T>(Fault fault) => new(default, fault);

    /// <summary>True, with the fault, when refused; else false, with the value.</summary>
    public bool Failed([NotNullWhen(true)] out Fault? fault, [MaybeNullWhen(true)] out T value)
    {
        fault = Fault;
        value = Value;
        return fault is not null;
    }

    /// <summary>The outcome of a next step that needs this one's value; a fault passes through unchanged.</summary>
    public Outcome<TNext> Then<TNext>(Func<T, Outcome<TNext>> next) =>
        Failed(out Fault? fault, out T? value) ? fault : next(value);
}

/// <summary>The value of a command that has nothing to say on success.</summary>
public sealed record Done
{
    /// <summary>The one value.</summary>
    public static readonly Done Value = new();
}

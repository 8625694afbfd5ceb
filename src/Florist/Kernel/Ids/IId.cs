namespace Florist.Kernel;

/// <summary>A typed identifier: a string that can only be used as what it names.</summary>
/// <typeparam name="TSelf">The identifier's own type, a <c>readonly record struct</c>.</typeparam>
public interface IId<TSelf>
    where TSelf : struct, IId<TSelf>
{
    /// <summary>The identifier as it stands in resource names and in storage.</summary>
    string Value { get; }

    /// <summary>Wraps a string; does not check it.</summary>
    static abstract TSelf From(string value);
}

using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Catalogue;

/// <summary>Identifies a stem of the catalogue, as <c>rose-red</c>.</summary>
/// <param name="Value">Lower-case letters, digits and hyphens.</param>
public readonly record struct StemId(string Value) : IId<StemId>
{
    /// <inheritdoc/>
    public static StemId From(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>One sort of flower or foliage in one colour.</summary>
public sealed record Stem
{
    /// <summary>Its id.</summary>
    public required StemId Id { get; init; }

    /// <summary>
    /// The flower regardless of colour and sort, as <c>lily</c>. A dislike may name a stem by its id or by this word.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>Botanical name, genus first.</summary>
    public required string LatinName { get; init; }

    /// <summary>Common name by language (<c>en</c>, <c>de</c>).</summary>
    public required ImmutableSortedDictionary<string, string> Names { get; init; }

    /// <summary>What its blossom or leaf looks like; at least one.</summary>
    public required ImmutableSortedSet<FlowerColour> Colours { get; init; }

    /// <summary>What it may do to people and pets; usually nothing.</summary>
    public ImmutableSortedSet<Hazard> Hazards { get; init; } = [];

    /// <summary>True for leaves and grasses, whose green does not count as a colour of the bouquet.</summary>
    public bool Foliage { get; init; }
}

/// <summary>Colours as customers name them.</summary>
public enum FlowerColour
{
    /// <summary>White.</summary>
    White,

    /// <summary>Cream and ivory.</summary>
    Cream,

    /// <summary>Yellow.</summary>
    Yellow,

    /// <summary>Peach and apricot.</summary>
    Peach,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Pink, from blush to cerise.</summary>
    Pink,

    /// <summary>Red.</summary>
    Red,

    /// <summary>Burgundy and plum.</summary>
    Burgundy,

    /// <summary>Lilac and lavender.</summary>
    Lilac,

    /// <summary>Purple.</summary>
    Purple,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Green blossom. Of foliage it says nothing about the bouquet.</summary>
    Green,
}

/// <summary>What can harm or trouble somebody in the recipient's home.</summary>
public enum Hazard
{
    /// <summary>
    /// Lilium or Hemerocallis: pollen, leaves and even the vase's water cause kidney failure in cats.
    /// </summary>
    TrueLily,

    /// <summary>Poisonous to dogs that chew it.</summary>
    ToxicToDogs,

    /// <summary>A heavy scent.</summary>
    StrongScent,

    /// <summary>Sheds pollen that troubles people with hay fever.</summary>
    Pollen,

    /// <summary>Food with nuts, or with traces of them, comes with the flowers.</summary>
    Nuts,
}

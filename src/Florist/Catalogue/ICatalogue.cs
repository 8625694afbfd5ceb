using System.Collections.Immutable;

namespace Florist.Catalogue;

/// <summary>
/// All bouquets on sale: an immutable snapshot that was read and checked when the process started. Safe to use from
/// anywhere at any time.
/// </summary>
public interface ICatalogue
{
    /// <summary>Which edition of the data this is, as written in it.</summary>
    string Edition { get; }

    /// <summary>Every bouquet, in ordinal order of ids.</summary>
    ImmutableArray<Bouquet> Bouquets { get; }

    /// <summary>Every stem that a bouquet may use, in ordinal order of ids.</summary>
    ImmutableArray<Stem> Stems { get; }

    /// <summary>A bouquet; null when the catalogue has none of that id.</summary>
    Bouquet? Find(BouquetId id);
}

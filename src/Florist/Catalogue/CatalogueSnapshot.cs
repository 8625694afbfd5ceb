using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Florist.Catalogue;

/// <summary>The catalogue as it was read; see <see cref="CatalogueFile"/>.</summary>
internal sealed class CatalogueSnapshot : ICatalogue
{
    private readonly FrozenDictionary<BouquetId, Bouquet> byId;

    public CatalogueSnapshot(string edition, IEnumerable<Stem> stems, IEnumerable<Bouquet> bouquets)
    {
        Edition = edition;
        Stems = [.. stems.OrderBy(stem => stem.Id.Value, StringComparer.Ordinal)];
        Bouquets = [.. bouquets.OrderBy(bouquet => bouquet.Id.Value, StringComparer.Ordinal)];
        byId = Bouquets.ToFrozenDictionary(bouquet => bouquet.Id);
    }

    public string Edition { get; }

    public ImmutableArray<Bouquet> Bouquets { get; }

    public ImmutableArray<Stem> Stems { get; }

    public Bouquet? Find(BouquetId id) => byId.GetValueOrDefault(id);
}

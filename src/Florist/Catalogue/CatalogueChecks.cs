using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Florist.Kernel;

namespace Florist.Catalogue;

/// <summary>
/// Checks a data file as a whole, so that its editor learns of all mistakes at once, and builds the snapshot.
/// </summary>
internal sealed partial class CatalogueChecks
{
    private const int StemsMax = 1000;
    private const int BouquetsMax = 5000;
    private const int CountMax = 100;
    private const int ScoreMax = 1000;
    private const int VaseLifeDaysMax = 60;
    private const int HoursWithoutWaterMax = 72;
    private const long PriceMinorMax = 1_000_000;

    private static readonly ImmutableArray<string> Languages = ["en", "de"];
    private static readonly ImmutableArray<string> Currencies = ["GBP", "EUR"];
    private static readonly ImmutableArray<string> TrueLilyGenera = ["Lilium", "Hemerocallis"];

    private readonly ImmutableArray<string>.Builder mistakes = ImmutableArray.CreateBuilder<string>();

    private CatalogueChecks()
    {
    }

    public static CatalogueSnapshot Build(CatalogueFile file)
    {
        CatalogueChecks checks = new();
        checks.That(file.Edition.Length is > 0 and <= 63, "$.edition", "must have 1 to 63 characters");
        checks.That(file.Stems.Length is > 0 and <= StemsMax, "$.stems", $"must be 1 to {StemsMax}");
        checks.That(file.Bouquets.Length is > 0 and <= BouquetsMax, "$.bouquets", $"must be 1 to {BouquetsMax}");
        Dictionary<string, Stem> stems = checks.Stems(file);
        Dictionary<string, Gift> gifts = checks.Gifts(file);
        List<Bouquet> bouquets = checks.Bouquets(file, stems, gifts);
        return checks.mistakes.Count == 0
            ? new CatalogueSnapshot(file.Edition, stems.Values, Ranked(bouquets))
            : throw new CatalogueException(checks.mistakes.ToImmutable());
    }

    private Dictionary<string, Stem> Stems(CatalogueFile file)
    {
        Dictionary<string, Stem> stems = new(StringComparer.Ordinal);
        for (int i = 0; i < file.Stems.Length; i++)
        {
            CatalogueFile.StemEntry entry = file.Stems[i];
            string path = $"$.stems[{i}]";
            Id(entry.Id, path);
            That(IdPattern.IsMatch(entry.Kind), $"{path}.kind", $"'{entry.Kind}' must be a lower-case word");
            That(entry.LatinName.Length > 0, $"{path}.latinName", "is empty");
            Texts(entry.Names, $"{path}.names");
            That(!entry.Colours.IsEmpty, $"{path}.colours", "is empty");
            bool isTrueLily = TrueLilyGenera.Contains(entry.LatinName.Split(' ')[0], StringComparer.OrdinalIgnoreCase);
            That(
                isTrueLily == entry.Hazards.Contains(Hazard.TrueLily),
                $"{path}.hazards",
                $"true_lily must be said of {string.Join(" and ", TrueLilyGenera)}, and of nothing else");
            Stem stem = new()
            {
                Id = new(entry.Id),
                Kind = entry.Kind,
                LatinName = entry.LatinName,
                Names = entry.Names,
                Colours = entry.Colours,
                Hazards = entry.Hazards,
                Foliage = entry.Foliage,
            };
            That(stems.TryAdd(entry.Id, stem), $"{path}.id", $"'{entry.Id}' stands there twice");
        }

        return stems;
    }

    private Dictionary<string, Gift> Gifts(CatalogueFile file)
    {
        Dictionary<string, Gift> gifts = new(StringComparer.Ordinal);
        for (int i = 0; i < file.Gifts.Length; i++)
        {
            CatalogueFile.GiftEntry entry = file.Gifts[i];
            string path = $"$.gifts[{i}]";
            Id(entry.Id, path);
            Texts(entry.Names, $"{path}.names");
            Gift gift = new() { Id = entry.Id, Names = entry.Names, Hazards = entry.Hazards };
            That(gifts.TryAdd(entry.Id, gift), $"{path}.id", $"'{entry.Id}' stands there twice");
        }

        return gifts;
    }

    private List<Bouquet> Bouquets(
        CatalogueFile file, Dictionary<string, Stem> stems, Dictionary<string, Gift> gifts)
    {
        List<Bouquet> bouquets = [];
        HashSet<string> ids = new(StringComparer.Ordinal);
        for (int i = 0; i < file.Bouquets.Length; i++)
        {
            CatalogueFile.BouquetEntry entry = file.Bouquets[i];
            string path = $"$.bouquets[{i}]";
            Id(entry.Id, path);
            That(ids.Add(entry.Id), $"{path}.id", $"'{entry.Id}' stands there twice");
            Texts(entry.Titles, $"{path}.titles");
            Texts(entry.Descriptions, $"{path}.descriptions");
            Sale(entry, path);
            ImmutableArray<BouquetStem> recipe = Recipe(entry, stems, path);
            ImmutableArray<Gift> with = With(entry, gifts, path);
            bouquets.Add(new Bouquet
            {
                Id = new(entry.Id),
                Titles = entry.Titles,
                Descriptions = entry.Descriptions,
                Stems = recipe,
                Gifts = with,
                Colours = [.. recipe.Where(used => !used.Stem.Foliage).SelectMany(used => used.Stem.Colours)],
                Months = [.. entry.Months],
                Scores = entry.Scores,
                Prices = entry.Prices,
                Hazards = [.. recipe.SelectMany(used => used.Stem.Hazards), .. with.SelectMany(gift => gift.Hazards)],
                VaseLifeDays = entry.VaseLifeDays,
                HoursWithoutWaterMax = entry.HoursWithoutWaterMax,
                BestsellerRank = 0,
            });
        }

        return bouquets;
    }

    private ImmutableArray<BouquetStem> Recipe(
        CatalogueFile.BouquetEntry entry, Dictionary<string, Stem> stems, string path)
    {
        ImmutableArray<BouquetStem>.Builder recipe = ImmutableArray.CreateBuilder<BouquetStem>();
        foreach ((string id, int count) in entry.Stems)
        {
            That(count is >= 1 and <= CountMax, $"{path}.stems.{id}", $"{count} must be 1 to {CountMax}");
            if (stems.TryGetValue(id, out Stem? stem))
            {
                recipe.Add(new(stem, count));
            }
            else
            {
                Add($"{path}.stems.{id}", "is no stem of this file");
            }
        }

        That(recipe.Any(used => !used.Stem.Foliage), $"{path}.stems", "has no blossom");
        return recipe.ToImmutable();
    }

    private ImmutableArray<Gift> With(CatalogueFile.BouquetEntry entry, Dictionary<string, Gift> gifts, string path)
    {
        ImmutableArray<Gift>.Builder with = ImmutableArray.CreateBuilder<Gift>();
        for (int i = 0; i < entry.Gifts.Length; i++)
        {
            if (gifts.TryGetValue(entry.Gifts[i], out Gift? gift))
            {
                with.Add(gift);
            }
            else
            {
                Add($"{path}.gifts[{i}]", $"'{entry.Gifts[i]}' is no gift of this file");
            }
        }

        return with.ToImmutable();
    }

    private void Sale(CatalogueFile.BouquetEntry entry, string path)
    {
        That(
            entry.Months.Length > 0 && entry.Months.All(month => month is >= 1 and <= 12)
            && entry.Months.Distinct().Count() == entry.Months.Length,
            $"{path}.months",
            "must be different months from 1 to 12, at least one");
        That(
            !entry.Scores.IsEmpty && entry.Scores.Values.All(score => score is >= 1 and <= ScoreMax),
            $"{path}.scores",
            $"must be 1 to {ScoreMax}, for at least one category");
        foreach (string currency in Currencies)
        {
            That(entry.Prices.ContainsKey(currency), $"{path}.prices.{currency}", "is missing");
        }

        foreach ((string currency, long minor) in entry.Prices)
        {
            That(Currencies.Contains(currency), $"{path}.prices.{currency}", "is no currency of the shop");
            That(
                minor is >= 1 and <= PriceMinorMax,
                $"{path}.prices.{currency}",
                $"{minor} must be 1 to {PriceMinorMax} minor units");
        }

        That(
            entry.VaseLifeDays is >= 1 and <= VaseLifeDaysMax,
            $"{path}.vaseLifeDays",
            $"{entry.VaseLifeDays} must be 1 to {VaseLifeDaysMax}");
        That(
            entry.HoursWithoutWaterMax is >= 1 and <= HoursWithoutWaterMax,
            $"{path}.hoursWithoutWaterMax",
            $"{entry.HoursWithoutWaterMax} must be 1 to {HoursWithoutWaterMax}");
    }

    private void Texts(ImmutableSortedDictionary<string, string> texts, string path)
    {
        foreach (string language in Languages)
        {
            That(texts.ContainsKey(language), $"{path}.{language}", "is missing");
        }

        foreach ((string language, string text) in texts)
        {
            That(Languages.Contains(language), $"{path}.{language}", "is no language of the shop");
            That(
                CanonicalText.TryMake(text, out string canonical) && canonical.Length > 0 && canonical == text,
                $"{path}.{language}",
                "must be a trimmed text in Unicode normal form C");
        }
    }

    private void Id(string id, string path) =>
        That(IdPattern.IsMatch(id), $"{path}.id", $"'{id}' must match {IdPattern}");

    private void That(bool holds, string path, string text)
    {
        if (!holds)
        {
            Add(path, text);
        }
    }

    private void Add(string path, string text) => mistakes.Add($"{path}: {text}");

    private static IEnumerable<Bouquet> Ranked(List<Bouquet> bouquets) => bouquets
        .OrderByDescending(bouquet => bouquet.Scores.Values.Sum())
        .ThenBy(bouquet => bouquet.Id.Value, StringComparer.Ordinal)
        .Select((bouquet, index) => bouquet with { BestsellerRank = index + 1 });

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$")]
    private static partial Regex IdPattern { get; }
}

using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Florist.Catalogue;

/// <summary>
/// The shape of the data file: JSON with snake_case names of enum values, nothing unknown, nothing twice.
/// </summary>
internal sealed record CatalogueFile
{
    /// <summary>The demonstration catalogue that is built in.</summary>
    public const string EmbeddedName = "Florist.Catalogue.Data.catalogue.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    public required string Edition { get; init; }

    public required ImmutableArray<StemEntry> Stems { get; init; }

    public required ImmutableArray<GiftEntry> Gifts { get; init; }

    public required ImmutableArray<BouquetEntry> Bouquets { get; init; }

    /// <summary>Opens the file of the options, or the built-in catalogue when they name none.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static Stream Open(CatalogueOptions options) => options.File is { } path
        ? File.OpenRead(path)
        : typeof(CatalogueFile).Assembly.GetManifestResourceStream(EmbeddedName)
            ?? throw new InvalidOperationException($"{EmbeddedName} is not built in");

    /// <summary>Reads and checks a catalogue.</summary>
    /// <exception cref="CatalogueException">It is not a catalogue; lists every mistake with its place.</exception>
    public static CatalogueSnapshot Read(Stream json)
    {
        CatalogueFile file;
        try
        {
            file = JsonSerializer.Deserialize<CatalogueFile>(json, Options)
                ?? throw new CatalogueException(["$: is null"]);
        }
        catch (JsonException malformed)
        {
            throw new CatalogueException([Place(malformed)]);
        }

        return CatalogueChecks.Build(file);
    }

    private static string Place(JsonException malformed)
    {
        long line = (malformed.LineNumber ?? 0) + 1;
        return $"line {line}, {malformed.Path ?? "$"}: {malformed.Message}";
    }

    internal sealed record StemEntry
    {
        public required string Id { get; init; }

        public required string Kind { get; init; }

        public required string LatinName { get; init; }

        public required ImmutableSortedDictionary<string, string> Names { get; init; }

        public required ImmutableSortedSet<FlowerColour> Colours { get; init; }

        public ImmutableSortedSet<Hazard> Hazards { get; init; } = [];

        public bool Foliage { get; init; }
    }

    internal sealed record GiftEntry
    {
        public required string Id { get; init; }

        public required ImmutableSortedDictionary<string, string> Names { get; init; }

        public ImmutableSortedSet<Hazard> Hazards { get; init; } = [];
    }

    internal sealed record BouquetEntry
    {
        public required string Id { get; init; }

        public required ImmutableSortedDictionary<string, string> Titles { get; init; }

        public required ImmutableSortedDictionary<string, string> Descriptions { get; init; }

        public required ImmutableSortedDictionary<string, int> Stems { get; init; }

        public ImmutableArray<string> Gifts { get; init; } = [];

        public required ImmutableArray<int> Months { get; init; }

        public required ImmutableSortedDictionary<OccasionCategory, int> Scores { get; init; }

        public required ImmutableSortedDictionary<string, long> Prices { get; init; }

        public required int VaseLifeDays { get; init; }

        public required int HoursWithoutWaterMax { get; init; }
    }
}

/// <summary>A data file that is no catalogue.</summary>
/// <param name="mistakes">Each with its place: line and JSON path, or the JSON path alone.</param>
public sealed class CatalogueException(ImmutableArray<string> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes))
{
    /// <summary>Each mistake with its place.</summary>
    public ImmutableArray<string> Mistakes => mistakes;
}

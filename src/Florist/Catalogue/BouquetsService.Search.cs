using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Florist.Protos.Catalogue.V1;
using Grpc.Core;
using Found = Florist.Protos.Catalogue.V1.SearchBouquetsResponse.Types;
using Proto = Florist.Protos.Catalogue.V1.Bouquet;

namespace Florist.Catalogue;

/// <summary>Searching and browsing.</summary>
internal sealed partial class BouquetsService
{
    private const int QueryLengthMax = 100;
    private const int PostalCodeLengthMax = PostalAddress.CodeLengthMax;

    public override async Task<SearchBouquetsResponse> SearchBouquets(
        SearchBouquetsRequest request, ServerCallContext context)
    {
        SearchBouquetsRequest asked = request.Clone();
        (asked.PageSize, asked.PageToken) = (0, "");
        string arguments = $"search\u001E{Convert.ToBase64String(Hash(asked))}\u001E{catalogue.Edition}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        BouquetQuery query = await Read(request, context.CancellationToken);
        ImmutableArray<Bouquet> found = BouquetSearch.Find(catalogue.Bouquets, query);

        // A page begins behind the bouquet that ended the one before; when that fits no more, where its place was.
        int start = page.After is { } after ? int.Parse(after, CultureInfo.InvariantCulture) : 0;
        ImmutableArray<Bouquet> shown = [.. found.Skip(start).Take(page.Size)];
        int end = start + shown.Length;
        string? next = end < found.Length ? end.ToString(CultureInfo.InvariantCulture) : null;
        SearchBouquetsResponse response = new()
        {
            NextPageToken = PageRequest.Token(next, arguments, seal),
            TotalSize = found.Length,
        };
        response.Bouquets.AddRange(shown.Select(ToProto));
        response.CategoryCounts.AddRange(Counts(found.SelectMany(bouquet => bouquet.Categories)).Select(
            one => new Found.CategoryCount
            {
                Category = (Protos.Catalogue.V1.OccasionCategory)((int)one.Key + 1),
                Count = one.Count,
            }));
        response.ColorCounts.AddRange(Counts(found.SelectMany(bouquet => bouquet.Colours)).Select(
            one => new Found.ColorCount { Color = (Proto.Types.Color)((int)one.Key + 1), Count = one.Count }));
        return response;
    }

    private async Task<BouquetQuery> Read(SearchBouquetsRequest request, CancellationToken cancellationToken)
    {
        FieldChecks checks = new();
        string words = checks.OptionalText("query", request.Query, QueryLengthMax) ?? "";
        DateOnly? day = ProtoValues.ReadDay(request.DeliveryDate, "delivery_date", checks);
        checks.That(
            day is null or { Year: >= 2000 and <= 2999 },
            "delivery_date",
            "OUT_OF_RANGE",
            "must be of the years 2000 to 2999");
        string region = request.RegionCode.Length == 0
            ? ""
            : Regions.Read(request.RegionCode, "region_code", checks) ?? "";
        checks.That(region.Length == 0 || day is not null, "delivery_date", "REQUIRED", "goes with region_code");
        string? postal = checks.OptionalText("postal_code", request.PostalCode, PostalCodeLengthMax);
        Money? least = Price(request.MinPrice, "min_price", checks);
        Money? most = Price(request.MaxPrice, "max_price", checks);
        checks.That(
            least is null || most is null || least.Value.Currency == most.Value.Currency,
            "max_price",
            "CURRENCY_DIFFERS",
            "must be in the currency of min_price");
        BouquetQuery query = new()
        {
            Words = BouquetSearch.WordsOf(words),
            Categories = [.. request.Categories.Select((category, i) =>
                FieldReads.Required<OccasionCategory>($"categories[{i}]", (int)category, checks))],
            Colours = [.. request.Colors.Select((color, i) =>
                FieldReads.Required<FlowerColour>($"colors[{i}]", (int)color, checks))],
            Currency = least?.Currency ?? most?.Currency ?? "",
            PriceMinorMin = least?.Minor,
            PriceMinorMax = most?.Minor,
            Month = day?.Month,
        };
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }

        return day is { } on && region.Length > 0
            ? query with { Available = await stock.On(on, region, postal, cancellationToken) }
            : query;
    }

    private static Money? Price(Google.Type.Money? message, string field, FieldChecks checks)
    {
        Money? price = ProtoValues.ReadMoney(message, field, checks);
        checks.That(price is null or { Minor: >= 0 }, field, "NEGATIVE", "must not be negative");
        return price;
    }

    private static IEnumerable<(TKey Key, int Count)> Counts<TKey>(IEnumerable<TKey> all)
        where TKey : struct, Enum => all
        .CountBy(one => one)
        .OrderByDescending(one => one.Value)
        .ThenBy(one => one.Key)
        .Select(one => (one.Key, one.Value));

    private static byte[] Hash(SearchBouquetsRequest request) =>
        System.Security.Cryptography.SHA256.HashData(Google.Protobuf.MessageExtensions.ToByteArray(request));
}

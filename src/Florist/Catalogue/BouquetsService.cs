using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Catalogue.V1;
using Grpc.Core;
using Proto = Florist.Protos.Catalogue.V1.Bouquet;

namespace Florist.Catalogue;

/// <summary>The RPCs of CatalogueService. Everybody may look at what is on sale.</summary>
internal sealed partial class BouquetsService(ICatalogue catalogue, IBouquetAvailability stock, ISeal seal)
    : CatalogueService.CatalogueServiceBase
{
    public override Task<Proto> GetBouquet(GetBouquetRequest request, ServerCallContext context)
    {
        if (request.Name.Split('/') is not ["bouquets", { Length: > 0 } id])
        {
            throw Fault.Invalid("name", "NAME_INVALID", "is not a name of the form bouquets/{bouquet}").ToException();
        }

        Bouquet bouquet = catalogue.Find(new BouquetId(id)) ?? throw Fault.NotFound(request.Name).ToException();
        return Task.FromResult(ToProto(bouquet));
    }

    public override Task<ListBouquetsResponse> ListBouquets(ListBouquetsRequest request, ServerCallContext context)
    {
        FilterExpression filter = BouquetListing.Filters.Parse(request.Filter).OrThrow();
        ImmutableArray<OrderTerm> order = BouquetListing.Orders.Parse(request.OrderBy).OrThrow();
        string terms = string.Join(',', order.Select(term => $"{term.Field} {term.IsDescending}"));
        string arguments = $"bouquets\u001E{filter.ToFilterText()}\u001E{terms}\u001E{catalogue.Edition}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<Bouquet> found = BouquetListing.Listing.Page(catalogue.Bouquets, filter, order, page);
        ListBouquetsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Bouquets.AddRange(found.Items.Select(ToProto));
        return Task.FromResult(response);
    }

    private static Proto ToProto(Bouquet bouquet)
    {
        Proto message = new()
        {
            Name = $"bouquets/{bouquet.Id}",
            VaseLifeDays = bouquet.VaseLifeDays,
            MaxHoursWithoutWater = bouquet.HoursWithoutWaterMax,
            BestsellerRank = bouquet.BestsellerRank,
        };
        message.Titles.AddRange(Texts(bouquet.Titles));
        message.Descriptions.AddRange(Texts(bouquet.Descriptions));
        message.Stems.AddRange(bouquet.Stems.Select(ToProto));
        message.Gifts.AddRange(bouquet.Gifts.Select(gift =>
        {
            Proto.Types.Gift shown = new() { GiftId = gift.Id };
            shown.Names.AddRange(Texts(gift.Names));
            return shown;
        }));
        message.Colors.AddRange(bouquet.Colours.Select(colour => (Proto.Types.Color)((int)colour + 1)));
        message.Months.AddRange(bouquet.Months.Select(month => (Google.Type.Month)month));
        message.Categories.AddRange(
            bouquet.Categories.Select(category => (Protos.Catalogue.V1.OccasionCategory)((int)category + 1)));
        message.Prices.AddRange(bouquet.Prices.Select(price => new Money(price.Value, price.Key).ToProto()));
        message.Hazards.AddRange(bouquet.Hazards.Select(hazard => (Proto.Types.Hazard)((int)hazard + 1)));
        return message;
    }

    private static Proto.Types.Stem ToProto(BouquetStem part)
    {
        Proto.Types.Stem stem = new()
        {
            StemId = part.Stem.Id.Value,
            Kind = part.Stem.Kind,
            LatinName = part.Stem.LatinName,
            Count = part.Count,
        };
        stem.Names.AddRange(Texts(part.Stem.Names));
        return stem;
    }

    // English first, because it is always there; then the others by their tags.
    private static IEnumerable<Proto.Types.LocalizedText> Texts(ImmutableSortedDictionary<string, string> texts) =>
        texts
        .OrderBy(text => text.Key == Bouquet.LanguageDefault ? 0 : 1)
        .Select(text => new Proto.Types.LocalizedText { LanguageCode = text.Key, Text = text.Value });
}

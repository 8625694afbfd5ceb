using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Proto = Florist.Protos.ShopFloor.V1;

namespace Florist.ShopFloor;

/// <summary>Work and cards to messages.</summary>
internal static class BenchMessages
{
    /// <summary>The work on an order.</summary>
    public static Proto.BenchItem ToProto(
        DayKey day, BenchEntry entry, ICatalogue catalogue, ShopFloorOptions options, string languageCode)
    {
        // The order's own message says what is common to both; prices and sender are not taken from it.
        Protos.Orders.V1.Order order = entry.Order.ToProto();
        ImmutableArray<(Bouquet Bouquet, int Quantity)> bound = [.. entry.Order.Draft.Lines
            .Select(line => (Bouquet: catalogue.Find(line.Bouquet), line.Quantity))
            .Where(line => line.Bouquet is not null)
            .Select(line => (line.Bouquet ?? throw new InvalidOperationException("filtered above"), line.Quantity))];
        Proto.BenchItem item = new()
        {
            Name = ShopFloorNames.BenchItem(day, entry.Order.Id),
            Order = order.Name,
            OrderEtag = order.Etag,
            State = order.State,
            DeliveryDate = order.DeliveryDate,
            DeliveryWindow = order.DeliveryWindow,
            DeliverySlot = order.DeliverySlot,
            SubstitutionPolicy = order.SubstitutionPolicy,
            PlaceType = order.DeliveryContact.PlaceType,
            AccessNote = order.DeliveryContact.AccessNote,
            OccasionCategory = order.OccasionCategory,
            CardSheet = entry.Order.Draft.Card is { } card
                ? ToProto(entry.Order.Id, card, entry.Print, options)
                : null,
        };
        item.CareLines.AddRange(CareLines.Of(bound.Select(line => line.Bouquet), languageCode));
        item.Lines.AddRange(entry.Order.Terms.Lines.Select(line => Line(line, catalogue, languageCode)));
        item.Stems.AddRange(Stems(bound, languageCode));
        return item;
    }

    /// <summary>A card.</summary>
    public static Proto.CardSheet ToProto(OrderId order, CardMessage card, PrintedCard? print, ShopFloorOptions options)
    {
        LaidOutCard sheet = CardLayout.Lay(card, options);
        bool isPrinted = print?.IsOf(card) ?? false;
        Proto.CardSheet message = new()
        {
            Name = ShopFloorNames.Card(order),
            Columns = sheet.Columns,
            SmallPrint = sheet.IsSmall,
            PrintTime = isPrinted ? print?.PrintedAt.ToProto() : null,
            Printer = isPrinted ? print?.PrintedBy ?? "" : "",
            Etag = PrintedCard.EtagOf(card),
        };
        message.Lines.AddRange(sheet.Lines);
        return message;
    }

    // A bouquet that has left the catalogue since is called as it was when it was ordered.
    private static Proto.BenchItem.Types.Line Line(PricedLine line, ICatalogue catalogue, string languageCode)
    {
        Bouquet? bouquet = catalogue.Find(line.Bouquet);
        Proto.BenchItem.Types.Line message = new()
        {
            Bouquet = $"bouquets/{line.Bouquet}",
            Title = bouquet?.TitleIn(languageCode) ?? line.Title,
            Quantity = line.Quantity,
        };
        message.Gifts.AddRange((bouquet?.Gifts ?? []).Select(gift => In(gift.Names, languageCode)));
        return message;
    }

    private static IEnumerable<Proto.BenchItem.Types.StemCount> Stems(
        ImmutableArray<(Bouquet Bouquet, int Quantity)> bound, string languageCode) =>
        from line in bound
        from part in line.Bouquet.Stems
        group part.Count * line.Quantity by part.Stem.Id.Value into counts
        orderby counts.Key
        let stem = bound.SelectMany(line => line.Bouquet.Stems).First(part => part.Stem.Id.Value == counts.Key).Stem
        select new Proto.BenchItem.Types.StemCount
        {
            StemId = counts.Key,
            Title = In(stem.Names, languageCode),
            Count = counts.Sum(),
        };

    private static string In(ImmutableSortedDictionary<string, string> texts, string languageCode) =>
        texts.GetValueOrDefault(languageCode.Split('-')[0].ToLowerInvariant())
            ?? texts.GetValueOrDefault(Bouquet.LanguageDefault) ?? "";
}

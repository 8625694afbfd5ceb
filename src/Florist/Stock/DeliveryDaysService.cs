using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Kernel;
using Florist.Protos.Stock.V1;
using Grpc.Core;
using Orleans;
using Proto = Florist.Protos.Stock.V1.DeliveryDay;

namespace Florist.Stock;

/// <summary>
/// The RPCs of StockService: messages to commands and back. What the shop changes is in the other part.
/// </summary>
internal sealed partial class DeliveryDaysService(
    IGrainFactory grains,
    IStockQueries queries,
    ICatalogue catalogue,
    ShopPlans plans,
    TimeProvider time,
    ISeal seal) : StockService.StockServiceBase
{
    private const int ListDaysDefault = 30;
    private const int ListDaysMax = 366;
    private const int OfferDaysDefault = 14;
    private const int OfferDaysMax = 62;
    private const int OfferBouquetsMax = 100;

    public override async Task<Proto> GetDeliveryDay(GetDeliveryDayRequest request, ServerCallContext context) =>
        (await Grain(Named(request.Name, "name")).Get()).ToProto(plans);

    public override async Task<ListDeliveryDaysResponse> ListDeliveryDays(
        ListDeliveryDaysRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string shop = request.Parent.Split('/') is ["shops", string id] ? id : "";
        checks.That(shop.Length > 0, "parent", "NAME_INVALID", "is not a name of the form shops/{shop}");
        DateOnly? first = ProtoValues.ReadDay(request.StartDate, "start_date", checks);
        DateOnly? last = ProtoValues.ReadDay(request.EndDate, "end_date", checks);
        InRange(first, "start_date", checks);
        InRange(last, "end_date", checks);
        ThrowIfWrong(checks);
        Shop(shop, request.Parent);
        DateOnly from = first ?? Zones.Day(time.GetUtcNow(), plans.TimeZone(shop));
        DateOnly until = (last ?? from.AddDays(ListDaysDefault)).AddDays(1);
        checks.That(
            until > from && until.DayNumber - from.DayNumber <= ListDaysMax + 1,
            "end_date",
            "OUT_OF_RANGE",
            $"must be the start_date or up to {ListDaysMax} days later");
        ThrowIfWrong(checks);
        string arguments = string.Create(
            CultureInfo.InvariantCulture, $"days\u001E{shop}\u001E{from.DayNumber}\u001E{until.DayNumber}");
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        DateOnly start = page.After is { } after
            ? DateOnly.FromDayNumber(int.Parse(after, CultureInfo.InvariantCulture) + 1)
            : from;
        DateOnly end = until.DayNumber - start.DayNumber > page.Size ? start.AddDays(page.Size) : until;
        Dictionary<DateOnly, DeliveryDay> stored = (await queries.Days(shop, start, end, context.CancellationToken))
            .ToDictionary(day => day.Key.Day);
        ListDeliveryDaysResponse response = new();
        for (DateOnly day = start; day < end; day = day.AddDays(1))
        {
            DayKey key = new(shop, day);
            response.DeliveryDays.Add(
                Availability.Present(key, stored.GetValueOrDefault(day), plans).ToProto(plans));
        }

        string? next = end < until ? end.AddDays(-1).DayNumber.ToString(CultureInfo.InvariantCulture) : null;
        response.NextPageToken = PageRequest.Token(next, arguments, seal);
        return response;
    }

    public override async Task<ListStockMovementsResponse> ListStockMovements(
        ListStockMovementsRequest request, ServerCallContext context)
    {
        DayKey key = Named(request.Parent, "parent");
        string arguments = $"movements\u001E{key.Text}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        long? before = page.After is { } after ? long.Parse(after, CultureInfo.InvariantCulture) : null;
        ImmutableArray<StockMovement> found = await Grain(key).Movements(before, page.Size);

        // Movements are numbered without gaps, so that the last one shown tells whether there are more.
        string? next = !found.IsEmpty && found[^1].Number > 1
            ? found[^1].Number.ToString(CultureInfo.InvariantCulture)
            : null;
        ListStockMovementsResponse response = new() { NextPageToken = PageRequest.Token(next, arguments, seal) };
        response.Movements.AddRange(found.Select(movement => movement.ToProto(key)));
        return response;
    }

    public override async Task<CheckAvailabilityResponse> CheckAvailability(
        CheckAvailabilityRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string region = Regions.Read(request.RegionCode, "region_code", checks) ?? "";
        string? postal = checks.OptionalText("postal_code", request.PostalCode, PostalAddress.CodeLengthMax);
        DateOnly? first = ProtoValues.ReadDay(request.StartDate, "start_date", checks);
        InRange(first, "start_date", checks);
        checks.That(request.DayCount >= 0, "day_count", "NEGATIVE", "must not be negative");
        ImmutableArray<Bouquet> bouquets = Bouquets(request, checks);
        ThrowIfWrong(checks);
        DeliveryArea area = plans.AreaOf(region, postal)
            ?? throw Fault.Refused("NOT_DELIVERABLE", $"no shop delivers to {region}, or not there")
                .With("regionCode", region).ToException();
        DateTimeOffset now = time.GetUtcNow();
        DateOnly from = first ?? Zones.Day(now, area.TimeZone);
        int count = request.DayCount == 0 ? OfferDaysDefault : Math.Min(request.DayCount, OfferDaysMax);
        ImmutableArray<DeliveryDay> stored =
            await queries.Days(area.Shop, from, from.AddDays(count), context.CancellationToken);
        CheckAvailabilityResponse response = new() { TimeZone = area.TimeZone, PresentTime = now.ToProto() };
        response.Days.AddRange(
            Availability.Of(area, from, count, stored, bouquets, plans, now).Select(offer => offer.ToProto()));
        return response;
    }

    private ImmutableArray<Bouquet> Bouquets(CheckAvailabilityRequest request, FieldChecks checks)
    {
        checks.That(
            request.Bouquets.Count <= OfferBouquetsMax, "bouquets", "TOO_MANY", $"more than {OfferBouquetsMax}");
        ImmutableArray<Bouquet>.Builder bouquets = ImmutableArray.CreateBuilder<Bouquet>();
        for (int i = 0; i < Math.Min(request.Bouquets.Count, OfferBouquetsMax); i++)
        {
            if (request.Bouquets[i].Split('/') is ["bouquets", string id]
                && catalogue.Find(new BouquetId(id)) is { } bouquet)
            {
                bouquets.Add(bouquet);
            }
            else
            {
                checks.Add($"bouquets[{i}]", "BOUQUET_UNKNOWN", "is not in the catalogue");
            }
        }

        return bouquets.ToImmutable();
    }

    private static void InRange(DateOnly? day, string field, FieldChecks checks) => checks.That(
        day is null || StockNames.IsDay(day.Value), field, "OUT_OF_RANGE", "must be of the years 2000 to 2999");

    private DayKey Named(string name, string field)
    {
        DayKey key = StockNames.Day(name, field).OrThrow();
        Shop(key.Shop, key.Name);
        return key;
    }

    private void Shop(string shop, string name)
    {
        if (!plans.Shops.Contains(shop))
        {
            throw Fault.NotFound(name).ToException();
        }
    }

    private IDeliveryDayGrain Grain(DayKey key) => grains.GetGrain<IDeliveryDayGrain>(key.Text);

    private static void ThrowIfWrong(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }
}

using Florist.Catalogue;
using Florist.Kernel;
using Florist.Protos.Catalogue.V1;
using Florist.Protos.Stock.V1;
using Florist.Stock;
using Florist.Tests.Catalogue;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Stock.V1.StockService.StockServiceClient;
using Message = Florist.Protos.Stock.V1.DeliveryDay;

namespace Florist.Tests.Stock;

public sealed class DeliveryDaysServiceTests : IAsyncLifetime
{
    private const string Friday = "shops/main/days/2026-06-12";

    private TestShop? shop;
    private TestEdge? edge;

    private TestShop Shop => shop ?? throw new InvalidOperationException();

    private TestEdge Edge => edge ?? throw new InvalidOperationException();

    private Client Sam => new(Edge.As(CallerKind.Staff, "sam"));

    private Client Anybody => new(Edge.As(CallerKind.Anonymous, ""));

    public async ValueTask InitializeAsync()
    {
        shop = await OrderShop.Start();
        edge = await TestEdge.Start(
            shop,
            map =>
            {
                map.MapStock();
                map.MapCatalogue();
            },
            services =>
            {
                services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
                services.AddCatalogue();
                services.AddStock();
                services.AddSingleton(shop.Get<IStockQueries>());
                services.AddSingleton(shop.Get<ShopPlans>());
            });
    }

    public async ValueTask DisposeAsync()
    {
        if (edge is not null)
        {
            await edge.DisposeAsync();
        }

        if (shop is not null)
        {
            await shop.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_day_is_planned_by_mask_and_a_stale_plan_is_refused()
    {
        Message before = await Sam.GetDeliveryDayAsync(new() { Name = Friday });
        Message sent = new() { Name = Friday, Etag = before.Etag, Label = "Midsummer", LeadDays = 1 };

        Message after = await Sam.UpdateDeliveryDayAsync(new() { DeliveryDay = sent });
        RpcException stale = await Assert.ThrowsAsync<RpcException>(
            async () => await Sam.UpdateDeliveryDayAsync(new() { DeliveryDay = sent }));

        Assert.Equal(("Midsummer", 1, true), (after.Label, after.LeadDays, after.Planned));
        Assert.Equal(before.Slots, after.Slots);
        Assert.Equal(before.CutoffTime.ToDateTimeOffset().AddDays(-1), after.CutoffTime.ToDateTimeOffset());
        Assert.Equal(StatusCode.Aborted, stale.StatusCode);
    }

    [Fact]
    public async Task Wrong_fields_of_a_plan_are_all_named()
    {
        Message sent = new() { Name = Friday, LeadDays = 61 };
        sent.Slots.Add(new Message.Types.Slot { SlotId = "Noon", Capacity = -1 });
        sent.ClosedBouquets.Add("garden-party");

        RpcException wrong = await Assert.ThrowsAsync<RpcException>(
            async () => await Sam.UpdateDeliveryDayAsync(new() { DeliveryDay = sent }));

        Assert.Equal(
            [
                "delivery_day.closed_bouquets[0]", "delivery_day.lead_days", "delivery_day.slots[0].capacity",
                "delivery_day.slots[0].end_time", "delivery_day.slots[0].end_time", "delivery_day.slots[0].slot_id",
                "delivery_day.slots[0].start_time",
            ],
            Fields(wrong).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_happened_to_a_days_stems_is_listed_latest_first_in_pages()
    {
        await Sam.ReceiveStemsAsync(new()
        {
            Name = Friday,
            Batch = "7",
            Stems = { new StemQuantity { StemId = "red-rose", Count = 50 } },
        });
        await Sam.AdjustStemsAsync(new()
        {
            Name = Friday,
            Wasted = true,
            Stems = { new StemQuantity { StemId = "red-rose", Count = -2 } },
        });
        Message day = await Sam.OverrideDeliveryDayAsync(new()
        {
            Name = Friday,
            Reason = "the mayor",
            Stems = { new StemQuantity { StemId = "red-rose", Count = 5 } },
        });

        ListStockMovementsResponse first = await Sam.ListStockMovementsAsync(new() { Parent = Friday, PageSize = 2 });
        ListStockMovementsResponse last = await Sam.ListStockMovementsAsync(
            new() { Parent = Friday, PageSize = 2, PageToken = first.NextPageToken });

        Message.Types.StemCount roses = Assert.Single(day.StemCounts);
        Assert.Equal((48, 5, 53), (roses.OnHandCount, roses.ExtraCount, roses.FreeCount));
        Assert.Equal(
            ["OVERRIDDEN", "WASTED", "RECEIVED"],
            first.Movements.Concat(last.Movements).Select(movement => movement.Kind.ToString().ToUpperInvariant()));
        Assert.Equal(("staff:sam", "the mayor"), (first.Movements[0].Actor, first.Movements[0].Note));
        Assert.Equal("", last.NextPageToken);
    }

    [Fact]
    public async Task Days_are_listed_whether_or_not_anybody_has_planned_them()
    {
        await Sam.UpdateDeliveryDayAsync(new() { DeliveryDay = new Message { Name = Friday, Label = "Midsummer" } });

        ListDeliveryDaysResponse first = await Sam.ListDeliveryDaysAsync(new() { Parent = "shops/main", PageSize = 3 });
        ListDeliveryDaysResponse next = await Sam.ListDeliveryDaysAsync(
            new() { Parent = "shops/main", PageSize = 3, PageToken = first.NextPageToken });

        Assert.Equal([10, 11, 12], first.DeliveryDays.Select(day => day.Date.Day));
        Assert.Equal("Midsummer", first.DeliveryDays[2].Label);
        Assert.Equal([13, 14, 15], next.DeliveryDays.Select(day => day.Date.Day));
        Assert.True(next.DeliveryDays[1].Closed);
    }

    [Fact]
    public async Task Coopcycle_2711_a_page_can_count_down_to_the_cut_off_of_each_day()
    {
        CheckAvailabilityResponse answer = await Anybody.CheckAvailabilityAsync(
            new() { RegionCode = "GB", PostalCode = "BS1 4DJ", DayCount = 5 });

        Assert.Equal(OrderSamples.Morning, answer.PresentTime.ToDateTimeOffset());
        Assert.Equal(new DateTimeOffset(2026, 6, 10, 13, 0, 0, TimeSpan.Zero), answer.Days[0].CutoffTime.ToDateTimeOffset());
        Assert.Equal(["", "", "", "", "NO_DELIVERY_DAY"], answer.Days.Select(day => day.Reason));
    }

    [Fact]
    public async Task Availability_tells_by_day_slot_and_bouquet_what_can_be_had_and_why_not()
    {
        Message.Types.Slot morning = new()
        {
            SlotId = "morning",
            StartTime = new() { Hours = 9 },
            EndTime = new() { Hours = 13 },
            Capacity = 1,
        };
        await Sam.UpdateDeliveryDayAsync(new()
        {
            DeliveryDay = new Message { Name = Friday, Slots = { morning }, ClosedBouquets = { "bouquets/single-rose" } },
        });
        await Sam.ReceiveStemsAsync(new()
        {
            Name = Friday,
            Stems = { new StemQuantity { StemId = "red-rose", Count = 11 } },
        });
        CheckAvailabilityRequest request = new() { RegionCode = "GB", DayCount = 3 };
        request.Bouquets.AddRange(["bouquets/dozen-red-roses", "bouquets/single-rose", "bouquets/christmas-roses-pralines"]);

        CheckAvailabilityResponse open = await Anybody.CheckAvailabilityAsync(request);
        (await Shop.Grain<IDeliveryDayGrain>("main/2026-06-12").Hold(new ClaimPlace { OrderId = "a", Area = "main:0" })).OrThrow();
        CheckAvailabilityResponse full = await Anybody.CheckAvailabilityAsync(request);

        Assert.Equal(["", "", "OUT_OF_SEASON"], open.Days[0].Bouquets.Select(bouquet => bouquet.Reason));
        Assert.Equal(["OUT_OF_STOCK", "BOUQUET_CLOSED", "OUT_OF_SEASON"], open.Days[2].Bouquets.Select(bouquet => bouquet.Reason));
        Assert.Equal(($"{Friday}/slots/morning", true), (open.Days[2].Slots[0].DeliverySlot, open.Days[2].Slots[0].Available));
        Assert.Equal(("SLOT_FULL", "SLOT_FULL"), (full.Days[2].Reason, full.Days[2].Slots[0].Reason));
        Assert.Equal("NOT_DELIVERABLE", await Refused(async () =>
            await Anybody.CheckAvailabilityAsync(new() { RegionCode = "US" })));
    }

    [Fact]
    public async Task The_catalogue_is_searched_for_what_can_be_had_on_a_day()
    {
        CatalogueService.CatalogueServiceClient catalogue = new(Edge.As(CallerKind.Anonymous, ""));
        await Sam.ReceiveStemsAsync(new()
        {
            Name = Friday,
            Stems = { new StemQuantity { StemId = "red-rose", Count = 11 } },
        });
        SearchBouquetsRequest request = new()
        {
            Query = "red roses",
            DeliveryDate = new() { Year = 2026, Month = 6, Day = 12 },
        };

        SearchBouquetsResponse inSeason = await catalogue.SearchBouquetsAsync(request);
        request.RegionCode = "GB";
        SearchBouquetsResponse available = await catalogue.SearchBouquetsAsync(request);
        request.PageSize = 1;
        SearchBouquetsResponse first = await catalogue.SearchBouquetsAsync(request);
        request.PageToken = first.NextPageToken;

        Assert.Contains("bouquets/dozen-red-roses", inSeason.Bouquets.Select(bouquet => bouquet.Name));
        Assert.DoesNotContain("bouquets/dozen-red-roses", available.Bouquets.Select(bouquet => bouquet.Name));
        Assert.True(available.TotalSize > 1 && available.TotalSize < inSeason.TotalSize);
        Assert.Equal(available.Bouquets[1].Name, (await catalogue.SearchBouquetsAsync(request)).Bouquets[0].Name);
        Assert.All(available.ColorCounts, one => Assert.InRange(one.Count, 1, available.TotalSize));
    }

    [Fact]
    public async Task A_shop_that_does_not_exist_has_no_days() =>
        Assert.Equal("NOT_FOUND", await Refused(async () =>
            await Sam.GetDeliveryDayAsync(new() { Name = "shops/nowhere/days/2026-06-12" })));

    private static async Task<string> Refused(Func<Task> call) =>
        Status(await Assert.ThrowsAsync<RpcException>(call)).Details[0].Unpack<Google.Rpc.ErrorInfo>().Reason;

    private static IEnumerable<string> Fields(RpcException refused) => Status(refused).Details
        .Where(detail => detail.Is(Google.Rpc.BadRequest.Descriptor))
        .SelectMany(detail => detail.Unpack<Google.Rpc.BadRequest>().FieldViolations)
        .Select(violation => violation.Field);

    private static Google.Rpc.Status Status(RpcException refused) =>
        Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes(FaultStatus.DetailsTrailer));
}

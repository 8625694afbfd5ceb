using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;

namespace Florist.Tests.Orders;

/// <summary>An order that nothing speaks against, to vary from.</summary>
internal static class OrderSamples
{
    /// <summary>A Wednesday, 09:00 in London (summer time).</summary>
    public static readonly DateTimeOffset Morning = new(2026, 6, 10, 8, 0, 0, TimeSpan.Zero);

    public static readonly OrdersOptions Options = new();

    public static readonly PostalAddress Home = new()
    {
        RegionCode = "GB",
        PostalCode = "BS1 4DJ",
        Locality = "Bristol",
        Lines = ["1 Quay Street"],
    };

    public static readonly OrderDraft Draft = new()
    {
        RecipientId = new RecipientId("mum"),
        Lines = [new(new("dozen-red-roses"), 1)],
        DeliveryOn = new DateOnly(2026, 6, 12),
        Currency = "GBP",
    };

    public static readonly OrderContext Parties = new()
    {
        CustomerId = new CustomerId("anna"),
        LanguageCode = "en-GB",
        Contact = new DeliveryContact { GivenName = "Mary", Address = Home },
    };

    /// <summary>The day of a draft at home, of which nothing is taken.</summary>
    public static OrderDay DayOf(OrderDraft draft, OrdersOptions options, DateTimeOffset now)
    {
        ShopPlans plans = new(Microsoft.Extensions.Options.Options.Create(new StockOptions()), new ShopDefaults
        {
            TimeZone = options.TimeZone,
            CutOffs = options.CutOffs.ToImmutableSortedDictionary(),
            Day = new SlotWindow(options.DayStart, options.DayEnd),
            Regions = [.. options.Regions],
        });
        DeliveryArea area = plans.AreaOf("GB", "BS1 4DJ") ?? throw new InvalidOperationException("the shop is gone");
        DayPlan plan = plans.Of(area.Shop, draft.DeliveryOn);
        return new OrderDay
        {
            Area = area,
            Day = new DeliveryDay { Key = new DayKey(area.Shop, draft.DeliveryOn), Plan = plan },
            CutOffAt = plans.CutOff(plan, area.Shop, area.Id, draft.DeliveryOn),
            NextOpenDay = plans.NextOpenDay(area, now),
        };
    }

    public static PlaceOrder Place(string id, string? requestId = null) =>
        new(requestId, new OrderId(id), Draft, Parties, null, "tok_ok");
}

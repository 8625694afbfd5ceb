using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Postgres;
using Florist.Vouchers;

namespace Florist.Tests.Orders;

/// <summary>
/// Two hundred customers want the last ten, at the same time, with crashes in between: ten get them, whatever runs out,
/// and on either database.
/// </summary>
public sealed class OrderRacesTests
{
    private const int Orders = 200;
    private const int Last = 10;
    private const string Day = "main/2026-06-12";
    private const string Code = "SPRING20";

    [Theory]
    [InlineData("OUT_OF_STOCK", false)]
    [InlineData("SLOT_FULL", false)]
    [InlineData("VOUCHER_USED_UP", false)]
    [InlineData("OUT_OF_STOCK", true)]
    [InlineData("SLOT_FULL", true)]
    [InlineData("VOUCHER_USED_UP", true)]
    public async Task Two_hundred_who_want_the_last_ten_get_ten(string scarce, bool postgres)
    {
        string? text = postgres ? await (await PostgresRun.Cluster()).NewSchema() : null;
        await using TestShop shop = await OrderShop.Start(postgres: text);
        await Provide(shop, scarce);

        Outcome<OrderRecord>[] first = await Race(shop);
        await shop.Restart(crash: true);
        Outcome<OrderRecord>[] again = await Race(shop);
        await shop.RunDue();
        await shop.Restart(crash: true);
        await shop.RunDue();

        Assert.Equal(Last, first.Count(outcome => outcome.Fault is null));
        Assert.All(first.Where(outcome => outcome.Fault is not null), outcome => Assert.Equal(scarce, outcome.Fault?.Reason));
        Assert.Equal(first.Select(outcome => outcome.Fault?.Reason), again.Select(outcome => outcome.Fault?.Reason));
        string[] winners = [.. first.Select(outcome => outcome.Value?.Id.Value).OfType<string>()];
        foreach (string id in winners)
        {
            Assert.Equal(OrderState.Confirmed, (await shop.Order(id)).State);
        }

        DeliveryDay day = await shop.Grain<IDeliveryDayGrain>(Day).Get();
        Assert.Equal(new Taken(0, Last), day.Places["all-day"]);
        await OneGivesUpAndAnotherGetsIt(shop, winners[0], scarce);
    }

    private static async Task OneGivesUpAndAnotherGetsIt(TestShop shop, string winner, string scarce)
    {
        (await shop.Grain<IOrderGrain>(winner).Cancel(new CancelOrder(null, null, "customer:anna", false, null))).OrThrow();
        await shop.RunDue();

        Outcome<OrderRecord> next = await shop.Grain<IOrderGrain>("next").Place(Order("next"));
        Outcome<OrderRecord> late = await shop.Grain<IOrderGrain>("late").Place(Order("late"));

        Assert.Null(next.Fault);
        Assert.Equal(scarce, late.Fault?.Reason);
    }

    private static async Task Provide(TestShop shop, string scarce)
    {
        IDeliveryDayGrain day = shop.Grain<IDeliveryDayGrain>(Day);
        int places = scarce == "SLOT_FULL" ? Last : 1000;
        SlotPlan slot = new("all-day", new SlotWindow(new(9, 0), new(18, 0)), places);
        (await day.Plan(new(null, null, "staff:sam", new DayPlan { Slots = [slot] }, [PlanPart.Slots]))).OrThrow();
        int roses = scarce == "OUT_OF_STOCK" ? (Last * 12) + 11 : 100_000;
        (await day.Receive(new(null, "staff:sam", null, ImmutableSortedDictionary
            .Create<string, int>(StringComparer.Ordinal).Add("red-rose", roses)))).OrThrow();
        VoucherTerms terms = new()
        {
            PercentBasisPoints = 2000,
            UsageLimit = scarce == "VOUCHER_USED_UP" ? Last : 1000,
        };
        (await shop.Grain<IVoucherGrain>(Code).Issue(new IssueVoucher(null, "staff:sam", null, terms))).OrThrow();
    }

    private static Task<Outcome<OrderRecord>[]> Race(TestShop shop) => Task.WhenAll(
        Enumerable.Range(0, Orders).Select(i => shop.Grain<IOrderGrain>($"o{i}").Place(Order($"o{i}"))));

    private static PlaceOrder Order(string id)
    {
        PlaceOrder order = OrderSamples.Place(id, $"request-{id}");
        return order with { Draft = order.Draft with { Voucher = Code } };
    }
}

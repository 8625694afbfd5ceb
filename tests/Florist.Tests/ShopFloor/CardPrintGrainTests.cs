using Florist.Kernel;
using Florist.Orders;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Tests.Orders;
using Florist.Tests.Testing;

namespace Florist.Tests.ShopFloor;

public sealed class CardPrintGrainTests
{
    private const string Once = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d";

    private static readonly CardMessage Card = new("Thinking of you", "Anna");

    [Fact]
    public async Task A_print_is_known_after_a_crash_and_a_repeat_is_the_same_print()
    {
        await using TestShop shop = await OrderShop.Start(services => services.AddShopFloor());
        PrintCard command = new(Once, PrintedCard.TagOf(Card), "staff:sam");
        PrintedCard first = (await shop.Grain<ICardPrintGrain>("o1").Print(command, null)).OrThrow();

        shop.Time.Advance(TimeSpan.FromMinutes(5));
        await shop.Restart(crash: true);
        Fault ended = Fault.Refused("ORDER_ENDED", "it has ended");
        PrintedCard repeated = (await shop.Grain<ICardPrintGrain>("o1").Print(command, ended)).OrThrow();
        PrintedCard again = (await shop.Grain<ICardPrintGrain>("o1").Print(command with { RequestId = null }, null)).OrThrow();

        Assert.True(first.IsOf(Card));
        Assert.Equal(first.PrintedAt, repeated.PrintedAt);
        Assert.Equal(first.PrintedAt.AddMinutes(5), again.PrintedAt);
    }

    [Theory]
    [InlineData("Thinking of you", "Anna", true)]
    [InlineData("Thinking of you!", "Anna", false)]
    [InlineData("Thinking of you", null, false)]
    [InlineData("Thinking of", "you Anna", false)]
    public void A_card_that_was_changed_since_counts_as_not_printed(string text, string? signature, bool printed)
    {
        PrintedCard print = new() { OrderId = new OrderId("o1"), CardTag = PrintedCard.TagOf(Card) };

        Assert.Equal(printed, print.IsOf(new CardMessage(text, signature)));
        Assert.DoesNotContain("Thinking", FloristJson.Write(print), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bench_lists_a_day_by_window_page_by_page_with_what_was_printed()
    {
        await using TestShop shop = await OrderShop.Start(services => services.AddShopFloor());
        (string Id, int From)[] orders = [("o1", 14), ("o2", 9), ("o3", 11), ("o4", 9)];
        foreach ((string id, int from) in orders)
        {
            await shop.Grain<IOrderGrain>(id).Place(OrderSamples.Place(id) with
            {
                Draft = OrderSamples.Draft with { Window = new DayWindow(new(from, 0), new(from + 3, 0)), Card = Card },
            });
        }

        await shop.Grain<IOrderGrain>("o5").Place(OrderSamples.Place("o5") with
        {
            Draft = OrderSamples.Draft with { DeliveryOn = OrderSamples.Draft.DeliveryOn.AddDays(1) },
        });
        await shop.RunDue();
        (await shop.Grain<IOrderGrain>("o3").Cancel(new CancelOrder(null, null, "staff:sam", true, null))).OrThrow();
        (await shop.Grain<ICardPrintGrain>("o4").Print(new(null, PrintedCard.TagOf(Card), "staff:sam"), null)).OrThrow();

        Page<BenchEntry> first = await List(shop, "", new PageRequest(2, null));
        Page<BenchEntry> second = await List(shop, "", new PageRequest(2, first.Next));
        Page<BenchEntry> early = await List(shop, "window_start < \"12:00\"", new PageRequest(10, null));

        Assert.Equal(["o2", "o4"], first.Items.Select(entry => entry.Order.Id.Value));
        Assert.Equal(["o1"], second.Items.Select(entry => entry.Order.Id.Value));
        Assert.Null(second.Next);
        Assert.Equal(["o2", "o4"], early.Items.Select(entry => entry.Order.Id.Value));
        Assert.Equal([false, true], first.Items.Select(entry => entry.Print?.IsOf(Card) ?? false));
    }

    private static Task<Page<BenchEntry>> List(TestShop shop, string filter, PageRequest page) =>
        shop.Get<IBenchQueries>().List(
            new DayKey("main", OrderSamples.Draft.DeliveryOn), IBenchQueries.Filterable.Parse(filter).OrThrow(), page, default);
}

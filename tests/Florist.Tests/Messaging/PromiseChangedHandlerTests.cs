using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Orders;
using Florist.Tests.Orders;

namespace Florist.Tests.Messaging;

public sealed class PromiseChangedHandlerTests
{
    // 18:00 in London.
    private static readonly DateTimeOffset Due = new(2026, 6, 12, 17, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Who_waits_hears_that_it_will_be_late_before_the_window_ends_and_then_what_we_do_about_it()
    {
        await using LetterShop shop = await Collected();

        await Expects(shop, Due.AddMinutes(20), Due.AddMinutes(50));
        await Expects(shop, Due.AddMinutes(25), Due.AddMinutes(55));
        MessageRecord apology = (await Of(shop, MessageKind.RunningLate)).Single();
        await shop.Shop.RunUntil(Due.AddMinutes(40));
        await shop.Shop.Reports("velo", "o1", "d1", DeliveryState.Delivered);
        await shop.Shop.RunDue();
        MessageRecord amends = (await Of(shop, MessageKind.PromiseBroken)).Single();

        Assert.Equal(MessageState.Sent, apology.State);
        Assert.True(apology.SentAt < Due);
        Assert.Equal(
            (new TimeOnly(18, 20), new TimeOnly(18, 50)),
            (apology.Model?.Promise?.ExpectedFrom, apology.Model?.Promise?.ExpectedUntil));
        Assert.Equal(MessageState.Sent, amends.State);
        Assert.Equal(new Money(499, "GBP"), amends.Model?.Promise?.Returned);
        Assert.Contains(
            shop.Email.Emails, mail => mail.Text.Contains("We give you £4.99 back", StringComparison.Ordinal));
        Assert.Single(await Of(shop, MessageKind.RunningLate));
    }

    [Fact]
    public async Task Who_gets_flowers_in_time_hears_nothing_of_promises()
    {
        await using LetterShop shop = await Collected();

        await Expects(shop, Due.AddMinutes(-60), Due.AddMinutes(-30));
        await shop.Shop.RunUntil(Due.AddMinutes(-45));
        await shop.Shop.Reports("velo", "o1", "d1", DeliveryState.Delivered);
        await shop.Shop.RunUntil(Due.AddHours(3));

        Assert.Empty(await Of(shop, MessageKind.RunningLate));
        Assert.Empty(await Of(shop, MessageKind.PromiseBroken));
    }

    private static async Task<LetterShop> Collected()
    {
        LetterShop shop = await LetterShop.Open();
        shop.Shop.Time.Set(OrderSamples.Morning);
        (await shop.Shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        await shop.Shop.RunUntil(Due.AddHours(-2));
        await shop.Shop.CollectedBy("velo", "o1");
        await shop.Shop.RunDue();
        return shop;
    }

    private static async Task Expects(LetterShop shop, DateTimeOffset from, DateTimeOffset until)
    {
        (await shop.Shop.Grain<IDeliveryGrain>("o1").Report(new CourierReport
        {
            Courier = new CourierId("velo"),
            EventId = $"eta-{from:HHmm}",
            Delivery = new DeliveryId("d1"),
            Leg = 1,
            Attempt = 1,
            OccurTime = shop.Shop.Time.GetUtcNow(),
            Eta = new EtaReport { Earliest = from, Latest = until },
        })).OrThrow();
        await shop.Shop.RunDue();
    }

    private static async Task<MessageRecord[]> Of(LetterShop shop, MessageKind kind) =>
        [.. (await shop.Messages()).Where(message => message.Kind == kind)];
}

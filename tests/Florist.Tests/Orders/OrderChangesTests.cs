using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;

namespace Florist.Tests.Orders;

public sealed class OrderChangesTests
{
    private const string Once = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d";

    [Fact]
    public async Task Another_day_and_address_are_promised_and_agreed_with_the_courier_anew()
    {
        await using TestShop shop = await Confirmed();
        (await shop.Grain<IDeliveryGrain>("o1").Assign(new AssignDelivery(
            null, new("d1"), new(DeliveryRole.Dispatcher, "staff:sam"), new("velo"), null))).OrThrow();
        DeliveryContact elsewhere = OrderSamples.Parties.Contact with { GivenName = "Rose" };
        ChangeOrder command = Change(
            OrderSamples.Draft with { DeliveryOn = new DateOnly(2026, 6, 13), Contact = elsewhere }, elsewhere, Once);

        OrderRecord changed = (await shop.Grain<IOrderGrain>("o1").Change(command)).OrThrow();
        OrderRecord repeated = (await shop.Grain<IOrderGrain>("o1").Change(command)).OrThrow();
        await shop.RunDue();

        Assert.Equal(new DateOnly(2026, 6, 13), changed.Draft.DeliveryOn);
        Assert.Equal("Rose", changed.Contact.GivenName);
        Assert.Equal(DeliveryState.Pending, changed.CurrentDelivery?.State);
        Assert.Equal(changed.Terms.WindowEndsAt, changed.CurrentDelivery?.Policy.Window.Until);
        Assert.Equal(changed.Terms.WindowEndsAt, changed.Promises.Promises[0].DueAt);
        Assert.Equal(changed.Revision, repeated.Revision);
        Assert.Null(changed.PendingChange);
    }

    [Fact]
    public async Task Other_words_on_the_card_leave_price_window_and_courier_alone()
    {
        await using TestShop shop = await Confirmed();
        (await shop.Grain<IDeliveryGrain>("o1").Assign(new AssignDelivery(
            null, new("d1"), new(DeliveryRole.Dispatcher, "staff:sam"), new("velo"), null))).OrThrow();
        OrderRecord before = await shop.Order("o1");

        OrderRecord changed = (await shop.Grain<IOrderGrain>("o1").Change(
            Change(OrderSamples.Draft with { Card = new CardMessage("Get well soon", "Anna") }))).OrThrow();

        Assert.Equal("Get well soon", changed.Draft.Card?.Text);
        Assert.Equal(FloristJson.Write(before.Terms), FloristJson.Write(changed.Terms));
        Assert.Equal(DeliveryState.Assigned, changed.CurrentDelivery?.State);
    }

    [Fact]
    public async Task More_flowers_are_paid_for_first_and_then_taken_with_the_rest()
    {
        await using TestShop shop = await Confirmed();
        OrderRecord before = await shop.Order("o1");
        OrderDraft two = OrderSamples.Draft with { Lines = [new(new("dozen-red-roses"), 2)] };
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");

        Outcome<OrderRecord> unpaid = await order.Change(Change(two));
        OrderRecord would = (await order.Change(Change(two) with { ValidateOnly = true })).OrThrow();
        OrderRecord waiting = (await order.Change(Change(two, token: "tok_ok"))).OrThrow();
        Outcome<OrderRecord> another = await order.Change(Change(OrderSamples.Draft));
        await shop.RunDue();
        OrderRecord changed = await shop.Order("o1");
        await shop.CollectedBy("velo", "o1");
        await shop.RunDue();
        OrderRecord taken = await shop.Order("o1");

        Assert.Equal("PAYMENT_TOKEN_REQUIRED", unpaid.Fault?.Reason);
        Assert.Equal(2, would.Terms.Lines[0].Quantity);
        Assert.Equal(1, waiting.Terms.Lines[0].Quantity);
        Assert.Equal(2, waiting.PendingChange?.Terms.Lines[0].Quantity);
        Assert.Equal("CHANGE_PENDING", another.Fault?.Reason);
        Assert.Equal(2, changed.Terms.Lines[0].Quantity);
        Assert.Equal(before.Terms.Total + before.Terms.Lines[0].UnitPrice, changed.Terms.Total);
        Assert.Equal(PaymentState.Paid, taken.PaymentState);
        Assert.Equal(
            taken.Terms.Total.Minor, taken.Payment.Charges.Sum(charge => taken.Payment.ToTakeOf(charge).Minor));
    }

    [Theory]
    [InlineData("tok_declined")]
    [InlineData("tok_challenge")]
    public async Task A_difference_that_is_not_paid_leaves_the_order_as_it_was(string token)
    {
        await using TestShop shop = await Confirmed();
        string before = FloristJson.Write((await shop.Order("o1")).Terms);

        await shop.Grain<IOrderGrain>("o1").Change(
            Change(OrderSamples.Draft with { Lines = [new(new("dozen-red-roses"), 2)] }, token: token));
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(30));
        OrderRecord order = await shop.Order("o1");

        Assert.Null(order.PendingChange);
        Assert.Equal(before, FloristJson.Write(order.Terms));
        Assert.Equal((OrderState.Confirmed, PaymentState.Authorized), (order.State, order.PaymentState));
        Assert.NotEqual(ChargeState.Authorized, order.Payment.Charges[1].State);
    }

    [Fact]
    public async Task Fewer_flowers_cost_less_and_that_much_less_is_taken()
    {
        await using TestShop shop = await Confirmed(
            OrderSamples.Draft with { Lines = [new(new("dozen-red-roses"), 3)] });
        OrderRecord before = await shop.Order("o1");

        OrderRecord changed = (await shop.Grain<IOrderGrain>("o1").Change(Change(OrderSamples.Draft))).OrThrow();

        Assert.Equal(
            before.Terms.Total - changed.Terms.Total, changed.Payment.Refunds.Single().Amount);
        Assert.Equal(RefundCause.Change, changed.Payment.Refunds.Single().Cause);
        Assert.Equal(changed.Terms.Total, changed.Payment.Left("GBP"));
    }

    [Fact]
    public async Task What_is_too_late_or_was_begun_is_not_changed()
    {
        await using TestShop shop = await Confirmed();
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");
        ChangeOrder byCustomer = Change(OrderSamples.Draft with { Card = new CardMessage("Hello", null) });

        await shop.RunUntil((await shop.Order("o1")).Terms.CutOffAt);
        Outcome<OrderRecord> late = await order.Change(byCustomer);
        OrderRecord byStaff = (await order.Change(byCustomer with { ByStaff = true })).OrThrow();
        Outcome<OrderRecord> newDay = await order.Change(
            Change(OrderSamples.Draft with { DeliveryOn = new DateOnly(2026, 6, 10) }) with { ByStaff = true });
        await order.StartPreparing(new StartPreparing(null, null));
        Outcome<OrderRecord> begun = await order.Change(byCustomer with { ByStaff = true });

        Assert.Equal("PAST_CUT_OFF", late.Fault?.Reason);
        Assert.Equal("Hello", byStaff.Draft.Card?.Text);
        Assert.Equal("PAST_CUT_OFF", newDay.Fault?.Reason);
        Assert.Equal("WRONG_STATE", begun.Fault?.Reason);
    }

    private static ChangeOrder Change(
        OrderDraft draft, DeliveryContact? contact = null, string? requestId = null, string? token = null) =>
        new(
            requestId,
            null,
            ByStaff: false,
            draft,
            OrderSamples.Parties with { Contact = contact ?? OrderSamples.Parties.Contact },
            token,
            ValidateOnly: false);

    private static async Task<TestShop> Confirmed(OrderDraft? draft = null)
    {
        TestShop shop = await OrderShop.Start();
        (await shop.Grain<IOrderGrain>("o1").Place(
            OrderSamples.Place("o1") with { Draft = draft ?? OrderSamples.Draft })).OrThrow();
        await shop.RunDue();
        return shop;
    }
}

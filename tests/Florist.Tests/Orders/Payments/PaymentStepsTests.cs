using Florist.Adapters.Payments;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;

namespace Florist.Tests.Orders.Payments;

public sealed class PaymentStepsTests
{
    [Fact]
    public async Task What_is_reserved_is_taken_when_the_flowers_are_ready()
    {
        await using TestShop shop = await OrderShop.Start();
        await Confirmed(shop);
        Assert.Equal(ChargeState.Authorized, (await shop.Order("o1")).Payment.Charges[0].State);

        await MakeReady(shop);
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");

        Assert.Equal((OrderState.Ready, PaymentState.Paid), (order.State, order.PaymentState));
        Assert.Equal(order.Terms.Total, order.Payment.ToTakeOf(order.Payment.Charges[0]));
    }

    [Fact]
    public async Task A_courier_who_leaves_before_the_bench_said_ready_has_the_amount_taken_too()
    {
        await using TestShop shop = await OrderShop.Start();
        await Confirmed(shop);

        await shop.CollectedBy("velo", "o1");
        await shop.RunDue();

        Assert.Equal(PaymentState.Paid, (await shop.Order("o1")).PaymentState);
    }

    [Fact]
    public async Task A_reservation_that_would_lapse_before_the_day_of_delivery_is_taken_before_it_does()
    {
        await using TestShop shop = await OrderShop.Start();
        await Confirmed(shop, deliveryOn: new DateOnly(2026, 6, 26));
        DateTimeOffset lapses = OrderSamples.Morning.AddDays(7);

        await shop.RunUntil(lapses.AddHours(-12).AddMinutes(-1));
        PaymentState before = (await shop.Order("o1")).PaymentState;
        await shop.RunUntil(lapses.AddHours(-12));
        OrderRecord after = await shop.Order("o1");

        Assert.Equal(PaymentState.Authorized, before);
        Assert.Equal((OrderState.Confirmed, PaymentState.Paid), (after.State, after.PaymentState));
        await shop.Grain<IOrderGrain>("o1").Cancel(new CancelOrder(null, null, "customer:anna", false, null));
        await shop.RunDue();
        OrderRecord cancelled = await shop.Order("o1");
        Assert.Equal((OrderState.Cancelled, PaymentState.Refunded), (cancelled.State, cancelled.PaymentState));
        Assert.Equal(RefundState.Done, cancelled.Payment.Refunds.Single().State);
    }

    [Theory]
    [InlineData("tok_timeout")]
    [InlineData("tok_webhook_first")]
    [InlineData("tok_webhook_twice")]
    public async Task An_answer_that_is_lost_overtaken_or_doubled_confirms_the_order_once(string token)
    {
        await using TestShop shop = await OrderShop.Start();

        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1") with { PaymentToken = token });
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(9));
        OrderRecord order = await shop.Order("o1");

        Assert.Equal((OrderState.Confirmed, PaymentState.Authorized), (order.State, order.PaymentState));
        Assert.Single(order.Deliveries.Deliveries);
    }

    [Fact]
    public async Task A_payment_that_its_payer_has_to_confirm_is_confirmed_by_webhook()
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1") with { PaymentToken = "tok_challenge" });
        await shop.RunDue();
        OrderRecord waiting = await shop.Order("o1");
        Charge charge = waiting.Payment.Charges[0];

        bool confirmed = await shop.Get<PaymentSimulator>().Confirm(charge.Reference ?? "", agrees: true);
        OrderRecord paid = await shop.Order("o1");

        Assert.Equal(OrderState.PendingPayment, waiting.State);
        Assert.EndsWith($"/simulator/payments/{charge.Reference}", charge.ActionUri, StringComparison.Ordinal);
        Assert.True(confirmed);
        Assert.Equal(OrderState.Confirmed, paid.State);
        Assert.Null(paid.Payment.Charges[0].ActionUri);
        Assert.False(await shop.Get<PaymentSimulator>().Confirm(charge.Reference ?? "", agrees: true));
    }

    [Fact]
    public async Task A_payment_that_its_payer_refuses_ends_the_order_and_one_never_confirmed_is_given_back()
    {
        await using TestShop shop = await OrderShop.Start();
        PaymentSimulator bank = shop.Get<PaymentSimulator>();
        foreach (string id in new[] { "o1", "o2" })
        {
            await shop.Grain<IOrderGrain>(id).Place(OrderSamples.Place(id) with { PaymentToken = "tok_challenge" });
        }

        await shop.RunDue();
        await bank.Confirm((await shop.Order("o1")).Payment.Charges[0].Reference ?? "", agrees: false);
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(15));
        OrderRecord refused = await shop.Order("o1");
        OrderRecord forgotten = await shop.Order("o2");

        Assert.Equal((OrderState.Expired, PaymentState.Failed), (refused.State, refused.PaymentState));
        Assert.Equal((OrderState.Expired, ChargeState.Released), (forgotten.State, forgotten.Payment.Charges[0].State));
        Assert.False(await bank.Confirm(forgotten.Payment.Charges[0].Reference ?? "", agrees: true));
    }

    [Fact]
    public async Task Refunds_add_up_and_never_exceed_what_was_paid()
    {
        await using TestShop shop = await OrderShop.Start();
        await Confirmed(shop);
        await MakeReady(shop);
        await shop.RunDue();
        OrderRecord paid = await shop.Order("o1");
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");

        OrderRecord byLine = (await order.Refund(Back(lines: paid.Draft.Lines[0]))).OrThrow();
        Outcome<OrderRecord> tooMuch = await order.Refund(Back(paid.Terms.Total));
        Outcome<OrderRecord> otherCurrency = await order.Refund(Back(new Money(100, "EUR")));
        OrderRecord rest = (await order.Refund(Back())).OrThrow();
        Outcome<OrderRecord> nothing = await order.Refund(Back());
        await shop.RunDue();
        OrderRecord done = await shop.Order("o1");

        Assert.Equal(paid.Terms.Lines[0].UnitPrice, byLine.Payment.Refunds.Single().Amount);
        Assert.Equal(PaymentState.PartiallyRefunded, byLine.PaymentState);
        Assert.Equal("REFUND_TOO_LARGE", tooMuch.Fault?.Reason);
        Assert.Equal("CURRENCY_MISMATCH", otherCurrency.Fault?.Reason);
        Assert.Equal(paid.Terms.DeliveryFee, rest.Payment.Refunds[1].Amount);
        Assert.Equal("REFUND_TOO_LARGE", nothing.Fault?.Reason);
        Assert.All(done.Payment.Refunds, refund => Assert.Equal(RefundState.Done, refund.State));
        Assert.Equal((OrderState.Ready, PaymentState.Refunded), (done.State, done.PaymentState));
    }

    [Fact]
    public async Task What_is_given_back_before_it_was_taken_is_taken_that_much_less()
    {
        await using TestShop shop = await OrderShop.Start();
        await Confirmed(shop);
        Money half = new(1000, "GBP");

        (await shop.Grain<IOrderGrain>("o1").Refund(Back(half))).OrThrow();
        await MakeReady(shop);
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");

        Assert.Equal(RefundState.Netted, order.Payment.Refunds.Single().State);
        Assert.Equal(PaymentState.Paid, order.PaymentState);
        Assert.Equal(order.Terms.Total - half, order.Payment.ToTakeOf(order.Payment.Charges[0]));
        Assert.Equal(order.Terms.Total - half, order.Payment.Left("GBP"));
    }

    [Fact]
    public async Task A_reservation_that_lapsed_asks_for_a_person()
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1") with { PaymentToken = "tok_lapses" });
        await shop.RunDue();

        // It would have been taken twelve hours before it lapses, but the shop was down for longer.
        shop.Time.Set(OrderSamples.Morning.AddHours(14));
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");

        Assert.Equal((OrderState.Confirmed, PaymentState.Failed), (order.State, order.PaymentState));
        Assert.Equal("authorization_expired", order.Payment.Charges[0].Problem);
        Assert.True(order.NeedsAttention);
    }

    [Fact]
    public async Task A_lost_answer_is_looked_up_and_nothing_is_asked_for_twice()
    {
        PaymentsWithLostAnswers payments = new(lost: 3);
        await using TestShop shop = await OrderShop.Start(services => services.Replace(payments));
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));

        await shop.RunUntil(OrderSamples.Morning.AddMinutes(9));

        Assert.Equal(OrderState.Confirmed, (await shop.Order("o1")).State);
        Assert.Equal(["o1:authorize"], payments.Calls);
    }

    [Fact]
    public async Task A_wrong_or_old_webhook_changes_nothing()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Replace(new PaymentsThatNeverAnswer()));
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        PaymentSignals signals = shop.Get<PaymentSignals>();
        (string signature, byte[] body) =
            signals.Write(new PaymentNews("o1:authorize", new PaymentOutcome(PaymentKind.Done, "r1", null)));
        (string ofNothing, byte[] nothing) =
            signals.Write(new PaymentNews("o9:authorize", new PaymentOutcome(PaymentKind.Done, "r1", null)));
        PaymentWebhook webhook = shop.Get<PaymentWebhook>();

        Outcome<Done> unsigned = await webhook.Take(null, body);
        Outcome<Done> forged = await webhook.Take(signature, new byte[body.Length]);
        Outcome<Done> unknown = await webhook.Take(ofNothing, nothing);
        OrderState before = (await shop.Order("o1")).State;
        Outcome<Done> right = await webhook.Take(signature, body);

        Assert.Equal(FaultKind.Denied, unsigned.Fault?.Kind);
        Assert.Equal(FaultKind.Denied, forged.Fault?.Kind);
        Assert.Equal(FaultKind.NotFound, unknown.Fault?.Kind);
        Assert.Equal(OrderState.PendingPayment, before);
        Assert.Null(right.Fault);
        Assert.Equal(OrderState.Confirmed, (await shop.Order("o1")).State);
    }

    private static RefundOrder Back(Money? amount = null, params DraftLine[] lines) =>
        new(null, null, "staff:sam", amount, [.. lines], "wilted");

    private static async Task Confirmed(TestShop shop, DateOnly? deliveryOn = null)
    {
        PlaceOrder place = OrderSamples.Place("o1");
        place = place with { Draft = place.Draft with { DeliveryOn = deliveryOn ?? place.Draft.DeliveryOn } };
        (await shop.Grain<IOrderGrain>("o1").Place(place)).OrThrow();
        await shop.RunDue();
    }

    private static async Task MakeReady(TestShop shop)
    {
        (await shop.Grain<IOrderGrain>("o1").StartPreparing(new StartPreparing(null, null))).OrThrow();
        (await shop.Grain<IOrderGrain>("o1").MarkReady(new MarkReady(null, null))).OrThrow();
    }
}

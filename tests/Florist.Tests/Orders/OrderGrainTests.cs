using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Orders;

public sealed class OrderGrainTests
{
    private static readonly DeliveryId First = new("d1");

    [Fact]
    public async Task An_order_is_confirmed_and_gets_its_delivery_once_it_is_paid_for()
    {
        await using TestShop shop = await OrderShop.Start();

        OrderRecord placed = (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        await shop.RunDue();
        OrderRecord paid = await shop.Order("o1");

        Assert.Equal((OrderState.PendingPayment, PaymentState.Pending), (placed.State, placed.PaymentState));
        Assert.Equal((OrderState.Confirmed, PaymentState.Authorized), (paid.State, paid.PaymentState));
        Assert.Null(paid.ExpiresAt);
        Assert.Equal(DeliveryState.Pending, paid.CurrentDelivery?.State);
    }

    // A wake-up that leaves something due at the same instant stands as it was, which counts as a failed one.
    [Fact]
    public async Task One_look_does_everything_that_is_due()
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();
        DeliveryRecord waiting = (await shop.Grain<IDeliveryGrain>("o1").Deliveries()).OrThrow()[0];
        shop.Time.Set(waiting.Policy.Window.Until.AddMinutes(1));

        await shop.Get<IGrainFactory>().GetGrain<IWakeable>(GrainId.Create("order", "o1")).OnWake(shop.Time.GetUtcNow());
        OrderRecord order = await shop.Order("o1");

        Assert.True(order.CurrentDelivery is { AtRisk: true, Late: true });
        Assert.True(order.NextDue is null || order.NextDue > shop.Time.GetUtcNow());
    }

    [Fact]
    public async Task A_declined_payment_ends_the_order()
    {
        await using TestShop shop = await OrderShop.Start();

        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1") with { PaymentToken = "tok_declined" });
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");

        Assert.Equal((OrderState.Expired, PaymentState.Failed), (order.State, order.PaymentState));
        Assert.Null(order.CurrentDelivery);
    }

    [Fact]
    public async Task A_repeat_with_the_same_request_id_is_the_same_order_also_after_a_crash()
    {
        await using TestShop shop = await OrderShop.Start();
        PlaceOrder command = OrderSamples.Place("o1", "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d");

        OrderRecord first = (await shop.Grain<IOrderGrain>("o1").Place(command)).OrThrow();
        await shop.Restart(crash: true);
        OrderRecord again = (await shop.Grain<IOrderGrain>("o1").Place(command)).OrThrow();
        Outcome<OrderRecord> other = await shop.Grain<IOrderGrain>("o1").Place(
            command with { Draft = command.Draft with { HazardsAcknowledged = true } });
        Outcome<OrderRecord> taken = await shop.Grain<IOrderGrain>("o1").Place(command with { RequestId = null });

        Assert.Equal(FloristJson.Write(first), FloristJson.Write(again));
        Assert.Equal("REQUEST_ID_REUSED", other.Fault?.Reason);
        Assert.Equal(FaultKind.Exists, taken.Fault?.Kind);
    }

    [Fact]
    public async Task A_refused_order_leaves_nothing_behind()
    {
        await using TestShop shop = await OrderShop.Start();
        PlaceOrder late = OrderSamples.Place("o1") with
        {
            Draft = OrderSamples.Draft with { DeliveryOn = new DateOnly(2026, 6, 9) },
        };

        Outcome<OrderRecord> refused = await shop.Grain<IOrderGrain>("o1").Place(late);

        Assert.Equal("PAST_CUT_OFF", refused.Fault?.Reason);
        Assert.Equal(FaultKind.NotFound, (await shop.Grain<IOrderGrain>("o1").Get()).Fault?.Kind);
        Assert.Equal(0, await shop.RunDue());
    }

    [Fact]
    public async Task An_order_that_nobody_pays_for_expires_at_its_time_and_not_before()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Replace(new PaymentsThatNeverAnswer()));
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));

        await shop.RunUntil(OrderSamples.Morning.AddMinutes(10).AddMilliseconds(-1));
        OrderRecord before = await shop.Order("o1");
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(10));
        OrderRecord after = await shop.Order("o1");

        Assert.Equal(OrderState.PendingPayment, before.State);
        Assert.Equal(OrderState.Expired, after.State);
    }

    [Fact]
    public async Task A_payment_that_arrives_after_the_end_is_given_back()
    {
        PaymentsThatNeverAnswer payments = new();
        await using TestShop shop = await OrderShop.Start(services => services.Replace(payments));
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(10));

        await shop.Grain<IOrderGrain>("o1").Settle(new PaymentSettled(true, "late_1"));
        await shop.Grain<IOrderGrain>("o1").Settle(new PaymentSettled(true, "late_1"));
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");

        Assert.Equal((OrderState.Expired, PaymentState.Refunded), (order.State, order.PaymentState));
        Assert.Equal(["late_1"], payments.Released);
    }

    [Fact]
    public async Task An_amount_that_was_reserved_without_an_answer_is_given_back_when_the_order_expires()
    {
        PaymentsWithLostAnswers payments = new(lost: 12);
        await using TestShop shop = await OrderShop.Start(services => services.Replace(payments));
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();
        Assert.Single(payments.Reserved);

        await shop.RunUntil(OrderSamples.Morning.AddHours(2));
        OrderRecord order = await shop.Order("o1");

        Assert.Equal((OrderState.Expired, PaymentState.Refunded), (order.State, order.PaymentState));
        Assert.Empty(payments.Reserved);
        Assert.Null(await shop.Get<IEngineDriver>().NextDue(CancellationToken.None));
    }

    [Theory]
    [InlineData(false, 0, null)]
    [InlineData(false, 53, "PAST_CUT_OFF")]
    [InlineData(true, 53, null)]
    public async Task A_customer_cancels_until_the_cut_off_and_staff_until_a_courier_has_the_flowers(
        bool staff, int hoursLater, string? reason)
    {
        await using TestShop shop = await OrderShop.Start();
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunUntil(OrderSamples.Morning.AddHours(hoursLater));

        Outcome<OrderRecord> outcome = await shop.Grain<IOrderGrain>("o1").Cancel(
            new CancelOrder(null, null, staff ? "staff:sam" : "customer:anna", staff, "changed plans"));
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");

        Assert.Equal(reason, outcome.Fault?.Reason);
        Assert.Equal(reason is null ? OrderState.Cancelled : OrderState.Confirmed, order.State);
        Assert.Equal(
            reason is null ? DeliveryState.Cancelled : DeliveryState.Pending, order.CurrentDelivery?.State);
        Assert.Equal(reason is null ? PaymentState.Refunded : PaymentState.Authorized, order.PaymentState);
    }

    [Fact]
    public async Task The_order_follows_its_delivery_to_the_door()
    {
        await using TestShop shop = await OrderShop.Start();
        IDeliveryGrain deliveries = await OutForDelivery(shop);
        OrderRecord underWay = await shop.Order("o1");

        Outcome<OrderRecord> tooLate = await shop.Grain<IOrderGrain>("o1").Cancel(
            new CancelOrder(null, null, "staff:sam", true, null));
        ReportAnswer answer = (await deliveries.Report(Report("e2", DeliveryState.Delivered))).OrThrow();
        OrderRecord done = await shop.Order("o1");

        Assert.Equal(OrderState.InDelivery, underWay.State);
        Assert.Equal("ALREADY_COLLECTED", tooLate.Fault?.Reason);
        Assert.Equal(Disposition.Applied, answer.Disposition);
        Assert.Equal(OrderState.Completed, done.State);
        Assert.Null(done.NextDue);
    }

    [Fact]
    public async Task A_delivery_that_comes_back_asks_for_attention_and_leaves_the_order_open()
    {
        await using TestShop shop = await OrderShop.Start();
        IDeliveryGrain deliveries = await OutForDelivery(shop);

        await deliveries.Report(Report("e2", DeliveryState.AttemptFailed) with
        {
            State = new StateReport
            {
                State = DeliveryState.AttemptFailed,
                FailureReason = FailureReason.RecipientNotHome,
            },
        });
        await deliveries.Report(Report("e3", DeliveryState.Returning) with
        {
            State = new StateReport { State = DeliveryState.Returning, FailureReason = FailureReason.RecipientNotHome },
        });
        await deliveries.Report(Report("e4", DeliveryState.Returned));
        OrderRecord order = await shop.Order("o1");

        Assert.True(OrderRules.NeedsAttention(order));
        Assert.Equal(OrderState.InDelivery, order.State);
    }

    private static async Task<IDeliveryGrain> OutForDelivery(TestShop shop)
    {
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();
        IDeliveryGrain deliveries = shop.Grain<IDeliveryGrain>("o1");
        (await deliveries.Assign(new AssignDelivery(
            null, First, new DeliveryActor(DeliveryRole.Dispatcher, "staff:sam"), new CourierId("velo"), null))).OrThrow();
        (await deliveries.Report(Report("e1", DeliveryState.OutForDelivery))).OrThrow();
        return deliveries;
    }

    private static CourierReport Report(string eventId, DeliveryState state) => new()
    {
        Courier = new CourierId("velo"),
        EventId = eventId,
        Delivery = First,
        Leg = 1,
        Attempt = 1,
        OccurTime = OrderSamples.Morning,
        State = new StateReport
        {
            State = state,
            Outcome = state == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
        },
    };
}

using Florist.Adapters.Payments;
using Florist.Kernel;
using Florist.Orders;
using Florist.Stock;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;

namespace Florist.Tests.Orders;

/// <summary>
/// Situations in which other shops went wrong, each as it was reported there, and what this one does in them.
/// </summary>
public sealed class OrderPeerBugsTests
{
    private const string Once = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d";

    // eShopOnContainers #71 and eShop #284: a customer who taps twice, or whose phone repeats, gets two orders.
    [Fact]
    public async Task Two_taps_at_once_are_one_order_and_one_payment()
    {
        PaymentsWithLostAnswers payments = new(lost: 0);
        await using TestShop shop = await OrderShop.Start(services => services.Replace(payments));
        PlaceOrder command = OrderSamples.Place("o1", Once);

        Outcome<OrderRecord>[] answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => shop.Grain<IOrderGrain>("o1").Place(command)));
        await shop.RunDue();

        Assert.Single(answers.Select(answer => FloristJson.Write(answer.OrThrow())).Distinct());
        Assert.Equal(["o1:authorize"], payments.Calls);
        Assert.Single((await shop.Order("o1")).Deliveries.Deliveries);
    }

    // eShopOnContainers #1935: the repeat of a request that was carried out is answered with an error or with nothing,
    // because only that it was seen was kept, not what came of it.
    [Fact]
    public async Task A_repeat_whose_first_answer_was_lost_with_the_server_gets_the_order_and_not_an_error()
    {
        await using TestShop shop = await OrderShop.Start();
        PlaceOrder command = OrderSamples.Place("o1", Once);
        await shop.Grain<IOrderGrain>("o1").Place(command);
        await shop.RunDue();
        await shop.Restart(crash: true);

        Outcome<OrderRecord> repeat = await shop.Grain<IOrderGrain>("o1").Place(command);
        Outcome<OrderRecord> abused = await shop.Grain<IOrderGrain>("o1").Place(
            command with { Draft = command.Draft with { HazardsAcknowledged = true } });

        Assert.Equal(("o1", OrderState.Confirmed), (repeat.OrThrow().Id.Value, repeat.OrThrow().State));
        Assert.Equal("REQUEST_ID_REUSED", abused.Fault?.Reason);
    }

    // saleor PR #15855: two buyers race for the last piece; the loser's payment was given back to the winner.
    [Fact]
    public async Task Who_pays_too_late_for_the_last_place_gets_their_own_money_back_and_the_winner_keeps_the_order()
    {
        await using TestShop shop = await OrderShop.Start(services => services.Configure<StockOptions>(stock =>
        {
            stock.SlotCapacity = 1;
            stock.HoldMinutes = 2;
        }));
        OrderDraft morning = OrderSamples.Draft with { Window = new DayWindow(new(9, 0), new(12, 0)) };
        IOrderGrain loser = shop.Grain<IOrderGrain>("o1");
        IOrderGrain winner = shop.Grain<IOrderGrain>("o2");
        (await loser.Place(OrderSamples.Place("o1") with { Draft = morning, PaymentToken = "tok_challenge" })).OrThrow();
        await shop.RunDue();
        Charge late = (await shop.Order("o1")).Payment.Charges[0];

        Outcome<OrderRecord> tooEarly = await winner.Place(OrderSamples.Place("o2") with { Draft = morning });
        await shop.RunUntil(OrderSamples.Morning.AddMinutes(3));
        (await winner.Place(OrderSamples.Place("o2") with { Draft = morning })).OrThrow();
        await shop.RunDue();
        await shop.Get<PaymentSimulator>().Confirm(late.Reference ?? "", agrees: true);
        await shop.RunDue();
        OrderRecord lost = await shop.Order("o1");
        OrderRecord won = await shop.Order("o2");

        Assert.Equal("SLOT_FULL", tooEarly.Fault?.Reason);
        Assert.Equal((OrderState.Expired, PaymentState.Refunded), (lost.State, lost.PaymentState));
        Assert.Equal((late.Reference, ChargeState.Released), (lost.PaymentReference, lost.Payment.Charges[0].State));
        Assert.Equal((OrderState.Confirmed, PaymentState.Authorized), (won.State, won.PaymentState));
        Assert.Equal(ChargeState.Authorized, won.Payment.Charges[0].State);
    }

    // eShop, Order.cs: a call that does not fit the order's state does nothing, and answers as if it had.
    [Theory]
    [InlineData(OrderState.PendingPayment)]
    [InlineData(OrderState.Confirmed)]
    [InlineData(OrderState.Preparing)]
    [InlineData(OrderState.Ready)]
    [InlineData(OrderState.Cancelled)]
    public async Task Every_command_either_changes_the_order_or_is_refused_aloud(OrderState state)
    {
        await using TestShop shop = await OrderShop.Start();
        IOrderGrain order = shop.Grain<IOrderGrain>("o1");
        await Reach(shop, order, state);
        DateOnly day = new(2026, 6, 13);
        Func<Task<Outcome<OrderRecord>>>[] commands =
        [
            () => order.Redeliver(new RedeliverOrder(null, null, day, null)),
            () => order.Remake(new RemakeOrder(null, null, day, null)),
            () => order.StartPreparing(new StartPreparing(null, null)),
            () => order.MarkReady(new MarkReady(null, null)),
            () => order.Refund(new RefundOrder(null, null, "staff:sam", new Money(1, "GBP"), [], null)),
            () => order.Cancel(new CancelOrder(null, null, "staff:sam", true, null)),
        ];

        foreach (Func<Task<Outcome<OrderRecord>>> command in commands)
        {
            long before = (await shop.Order("o1")).Revision;
            Outcome<OrderRecord> answer = await command();
            long after = (await shop.Order("o1")).Revision;

            Assert.Equal(answer.Fault is null, after > before);
            Assert.All(
                new[] { answer.Fault }.OfType<Fault>(),
                fault => Assert.True(fault.Kind == FaultKind.Refused && fault.Reason.Length > 0, fault.Text));
        }
    }

    // eShop, GracePeriodManager: whatever is due is published again at every poll, until somebody has handled it.
    [Fact]
    public async Task An_order_whose_time_is_over_is_told_of_once_however_often_it_is_looked_at()
    {
        Told told = new();
        await using TestShop shop = await OrderShop.Start(services =>
        {
            services.Replace(new PaymentsThatNeverAnswer());
            services.AddSingleton<IOutboxHandler>(told);
        });
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        shop.Time.Set(OrderSamples.Morning.AddMinutes(10));

        for (int poll = 0; poll < 10; poll++)
        {
            await shop.Get<IGrainFactory>().GetGrain<IWakeable>(GrainIdOf("o1")).OnWake(shop.Time.GetUtcNow());
            await shop.RunUntil(shop.Time.GetUtcNow().AddMinutes(1));
        }

        Assert.Equal(["o1:expired"], told.Keys.Distinct());
        Assert.Equal(OrderState.Expired, (await shop.Order("o1")).State);
        Assert.Equal(told.NotYet + 1, told.Keys.Count);
    }

    private static Orleans.Runtime.GrainId GrainIdOf(string key) => Orleans.Runtime.GrainId.Create("order", key);

    private static async Task Reach(TestShop shop, IOrderGrain order, OrderState state)
    {
        await order.Place(OrderSamples.Place("o1"));
        if (state == OrderState.PendingPayment)
        {
            return;
        }

        await shop.RunDue();
        if (state == OrderState.Cancelled)
        {
            await order.Cancel(new CancelOrder(null, null, "staff:sam", true, null));
            await shop.RunDue();
        }

        if (state is OrderState.Preparing or OrderState.Ready)
        {
            await order.StartPreparing(new StartPreparing(null, null));
        }

        if (state == OrderState.Ready)
        {
            await order.MarkReady(new MarkReady(null, null));
        }
    }

    /// <summary>Hears of orders that have ended unpaid, and fails at first, as a subscriber that is down.</summary>
    private sealed class Told : IOutboxHandler
    {
        public List<string> Keys { get; } = [];

        public int NotYet { get; private set; }

        public string Topic => OrdersTopics.Expired;

        public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
        {
            Keys.Add(message.Key);
            if (Keys.Count < 3)
            {
                NotYet++;
                return Task.FromResult(OutboxResult.Retry("down", TimeSpan.Zero));
            }

            return Task.FromResult(OutboxResult.Done);
        }
    }
}

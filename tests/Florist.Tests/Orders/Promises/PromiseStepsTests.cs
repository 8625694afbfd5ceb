using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Orders.Promises;

public sealed class PromiseStepsTests
{
    // The window is the whole delivery day of 12 June, which ends at 18:00 in London.
    private static readonly DateTimeOffset Due = new(2026, 6, 12, 17, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_late_estimate_is_apologised_for_before_the_window_ends_and_once()
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));

        await Expects(shop, Due.AddMinutes(20), Due.AddMinutes(50));
        Promise first = await Window(shop);
        await shop.RunUntil(Due.AddMinutes(-5));
        await Expects(shop, Due.AddMinutes(30), Due.AddMinutes(60));
        OrderRecord again = await shop.Order("o1");

        Assert.Equal((PromiseState.AtRisk, true), (first.State, first.IsOpen));
        Assert.Equal(RiskCause.CourierLate, first.Risk?.Cause);
        Assert.Equal(Due.AddHours(-2), first.ApologisedAt);
        Assert.Equal(first.ApologisedAt, again.Promises.Promises[0].ApologisedAt);
        Assert.Equal(1, again.Promises.NewsCount);
    }

    [Fact]
    public async Task A_broken_promise_is_made_good_by_how_late_it_was()
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));
        await Expects(shop, Due.AddMinutes(20), Due.AddMinutes(50));

        await shop.RunUntil(Due.AddMinutes(40));
        PromiseState late = (await Window(shop)).State;
        await shop.Reports("velo", "o1", "d1", DeliveryState.Delivered);
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");
        Promise promise = order.Promises.Promises[0];
        Refund refund = order.Payment.Refunds.Single();

        Assert.Equal(PromiseState.Apologised, late);
        Assert.Equal(PromiseState.MadeGood, promise.State);
        Assert.Equal(Due, promise.BreachedAt);
        Assert.True(promise.ApologisedFirst);
        Assert.Equal((RefundCause.Goodwill, RefundState.Done), (refund.Cause, refund.State));
        Assert.Equal(order.Terms.DeliveryFee, refund.Amount);
        Assert.Null(order.NextDue);
    }

    [Theory]
    [InlineData(0, PromiseState.Kept, 0)]
    [InlineData(15, PromiseState.Apologised, 0)]
    [InlineData(16, PromiseState.MadeGood, 499)]
    [InlineData(59, PromiseState.MadeGood, 499)]
    [InlineData(60, PromiseState.MadeGood, 499 + 900)]
    public async Task What_being_late_is_worth_grows_with_it(int minutesLate, PromiseState state, long minor)
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));

        await shop.RunUntil(Due.AddMinutes(minutesLate));
        await shop.Reports("velo", "o1", "d1", DeliveryState.Delivered);
        await shop.RunDue();
        OrderRecord order = await shop.Order("o1");
        long twentyPercent = order.Terms.Subtotal().Minor / 5;

        Assert.Equal(state, order.Promises.Promises[0].State);
        Assert.Equal(
            minor > 499 ? 499 + twentyPercent : minor,
            order.Payment.Refunds.Sum(refund => refund.Amount.Minor));
    }

    [Fact]
    public async Task Flowers_that_nobody_has_collected_are_apologised_for_an_hour_before_the_end()
    {
        await using TestShop shop = await Placed();

        await shop.RunUntil(Due.AddMinutes(-60).AddSeconds(-1));
        PromiseState before = (await Window(shop)).State;
        await shop.RunUntil(Due.AddMinutes(-60));
        Promise after = await Window(shop);

        Assert.Equal(PromiseState.Given, before);
        Assert.Equal((PromiseState.AtRisk, RiskCause.NoCourier), (after.State, after.Risk?.Cause));
        Assert.Equal(Due.AddMinutes(-60), after.ApologisedAt);
    }

    [Fact]
    public async Task A_courier_that_is_under_way_and_not_near_is_looked_at_once_more_shortly_before_the_end()
    {
        await using TestShop shop = await Collected(Due.AddHours(-1));

        await shop.RunUntil(Due.AddMinutes(-11));
        PromiseState before = (await Window(shop)).State;
        await shop.RunUntil(Due.AddMinutes(-10));

        Assert.Equal(PromiseState.Given, before);
        Assert.Equal(RiskCause.TimeRunsOut, (await Window(shop)).Risk?.Cause);
    }

    [Fact]
    public async Task A_risk_that_passes_ends_the_silence_and_the_promise_is_kept()
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));
        await Expects(shop, Due.AddMinutes(20), Due.AddMinutes(50));

        await shop.RunUntil(Due.AddMinutes(-90));
        await Expects(shop, Due.AddMinutes(-60), Due.AddMinutes(-40));
        OrderRecord cleared = await shop.Order("o1");
        await shop.RunUntil(Due.AddMinutes(-45));
        await shop.Reports("velo", "o1", "d1", DeliveryState.Delivered);
        OrderRecord done = await shop.Order("o1");

        Assert.False(cleared.Promises.Promises[0].IsOpen);
        Assert.Equal(2, cleared.Promises.NewsCount);
        Assert.Equal(
            [PromiseState.Kept, PromiseState.Kept],
            done.Promises.Promises.Take(2).Select(promise => promise.State));
        Assert.Empty(done.Payment.Refunds);
    }

    [Fact]
    public async Task A_report_that_comes_late_and_tells_of_a_delivery_in_time_sets_the_ledger_right()
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));
        await shop.RunUntil(Due.AddMinutes(1));
        PromiseState before = (await Window(shop)).State;

        await shop.Grain<IDeliveryGrain>("o1").Report(new CourierReport
        {
            Courier = new CourierId("velo"),
            EventId = "late-news",
            Delivery = new DeliveryId("d1"),
            Leg = 1,
            Attempt = 1,
            OccurTime = Due.AddMinutes(-20),
            State = new StateReport
            {
                State = DeliveryState.Delivered,
                Outcome = DeliveryOutcome.HandedToRecipient,
            },
        });
        Promise after = await Window(shop);

        Assert.Equal(PromiseState.Apologised, before);
        Assert.Equal((PromiseState.Kept, Due.AddMinutes(-20)), (after.State, after.KeptAt));
    }

    [Fact]
    public async Task Being_there_in_time_and_finding_nobody_at_home_is_keeping_the_promise()
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));

        await shop.Reports("velo", "o1", "d1", DeliveryState.AttemptFailed, FailureReason.RecipientNotHome);

        Assert.Equal(PromiseState.Kept, (await Window(shop)).State);
    }

    [Fact]
    public async Task A_cancelled_order_withdraws_what_was_promised()
    {
        await using TestShop shop = await Placed();

        await shop.Grain<IOrderGrain>("o1").Cancel(new CancelOrder(null, null, "customer:anna", false, null));
        OrderRecord order = await shop.Order("o1");

        Assert.All(
            order.Promises.Promises, promise => Assert.Equal(PromiseState.Withdrawn, promise.State));
        Assert.Null(order.NextDue);
    }

    [Fact]
    public async Task The_budget_of_the_day_bounds_what_is_given_and_a_repeat_gives_nothing_more()
    {
        await using TestShop shop = await Placed(services => services.Configure<OrdersOptions>(
            options => options.Promises.DayCaps = new() { ["GBP"] = 600 }));
        (await shop.Grain<IOrderGrain>("o2").Place(OrderSamples.Place("o2"))).OrThrow();
        await shop.RunDue();
        foreach (string id in new[] { "o1", "o2" })
        {
            await shop.CollectedBy("velo", id);
        }

        await shop.RunUntil(Due.AddMinutes(30));
        foreach (string id in new[] { "o1", "o2" })
        {
            await shop.Reports("velo", id, "d1", DeliveryState.Delivered);
            await shop.RunDue();
        }

        OrderRecord first = await shop.Order("o1");
        OrderRecord second = await shop.Order("o2");
        await shop.Grain<IOrderPaymentsGrain>("o1").Compensate(new CompensateOrder(1, new Money(499, "GBP")));

        Assert.Equal(499, first.Payment.Refunds.Single().Amount.Minor);
        Assert.Equal(101, second.Payment.Refunds.Single().Amount.Minor);
        Assert.Single((await shop.Order("o1")).Payment.Refunds);
    }

    [Fact]
    public async Task Reports_add_up_what_became_of_promises()
    {
        await using TestShop shop = await Collected(Due.AddHours(-2));
        (await shop.Grain<IOrderGrain>("o2").Place(
            OrderSamples.Place("o2") with { Draft = OrderSamples.Draft with { DeliveryOn = new(2026, 6, 13) } }))
            .OrThrow();
        await Expects(shop, Due.AddMinutes(20), Due.AddMinutes(50));
        await shop.RunUntil(Due.AddMinutes(30));
        await shop.Reports("velo", "o1", "d1", DeliveryState.Delivered);
        await shop.RunDue();
        IPromiseQueries queries = shop.Get<IPromiseQueries>();
        PromiseReport asked = new(new(2026, 6, 12), new(2026, 6, 14), PromiseGrouping.Courier, null, null);

        PromiseSummary[] byCourier = [.. await queries.Summarize(asked, CancellationToken.None)];
        PromiseSummary[] byDay =
            [.. await queries.Summarize(asked with { Grouping = PromiseGrouping.Day }, CancellationToken.None)];
        PromiseSummary[] elsewhere =
            [.. await queries.Summarize(asked with { RegionCode = "DE" }, CancellationToken.None)];
        PromiseSummary total = (await queries.Summarize(
            asked with { Grouping = PromiseGrouping.Total, Courier = "velo" }, CancellationToken.None)).Single();

        Assert.Equal(["", "velo"], byCourier.Select(row => row.Group));
        Assert.Equal(["2026-06-12", "2026-06-13"], byDay.Select(row => row.Group));
        Assert.Empty(elsewhere);
        Assert.Equal(new PromiseSummary("", 1, 0, 1, 1, 1, 1, new Money(499, "GBP")), total);
    }

    private static async Task<TestShop> Placed(Action<IServiceCollection>? more = null)
    {
        TestShop shop = await OrderShop.Start(more);
        (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        await shop.RunDue();
        return shop;
    }

    private static async Task<TestShop> Collected(DateTimeOffset at)
    {
        TestShop shop = await Placed();
        await shop.RunUntil(at);
        await shop.CollectedBy("velo", "o1");
        await shop.RunDue();
        return shop;
    }

    private static async Task Expects(TestShop shop, DateTimeOffset from, DateTimeOffset until)
    {
        DateTimeOffset now = shop.Time.GetUtcNow();
        ReportAnswer answer = (await shop.Grain<IDeliveryGrain>("o1").Report(new CourierReport
        {
            Courier = new CourierId("velo"),
            EventId = $"eta-{now:HHmm}",
            Delivery = new DeliveryId("d1"),
            Leg = 1,
            Attempt = 1,
            OccurTime = now,
            Eta = new EtaReport { Earliest = from, Latest = until },
        })).OrThrow();
        Assert.Equal(Disposition.Applied, answer.Disposition);
        await shop.RunDue();
    }

    private static async Task<Promise> Window(TestShop shop) => (await shop.Order("o1")).Promises.Promises[0];
}

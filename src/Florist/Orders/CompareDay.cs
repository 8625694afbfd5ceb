using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;
using Florist.Stock;
using Microsoft.Extensions.Logging;
using Orleans;

namespace Florist.Orders;

/// <summary>
/// Compares what a day has promised with the orders, both ways: what no order has any use for is given back, and an
/// order without a place gets one if there is room. By design neither should ever be found; both are logged.
/// </summary>
internal sealed class CompareDay(IGrainFactory grains, IOrderQueries queries, OrderHolds holds, ILogger<CompareDay> log)
    : IOutboxHandler
{
    private const int PageSize = 500;

    public string Topic => StockTopics.DayToVerify;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        DayToVerify day = message.Read<DayToVerify>();
        DayKey key = new(day.Shop, day.Day);
        IDeliveryDayGrain grain = grains.GetGrain<IDeliveryDayGrain>(key.Text);
        Dictionary<string, long> promised = await Promised(grain);
        int orders = 0;
        int missing = 0;
        await foreach (OrderRecord order in Orders(key, cancellationToken))
        {
            orders++;
            bool isPromised = promised.Remove(order.Id.Value, out long generation)
                && generation >= order.Terms.PlaceGeneration;
            missing += isPromised || await HasPlaceAgain(order, key) ? 0 : 1;
        }

        int leaks = 0;
        foreach ((string id, long generation) in promised)
        {
            leaks += await GivenBack(grain, key, id, generation) ? 1 : 0;
        }

        OrdersLog.Compared(log, key.Text, orders, leaks, missing);
        return OutboxResult.Done;
    }

    private static async Task<Dictionary<string, long>> Promised(IDeliveryDayGrain grain)
    {
        Dictionary<string, long> promised = new(StringComparer.Ordinal);
        string? after = null;
        ImmutableArray<CommittedPlace> page;
        do
        {
            page = await grain.Committed(after, PageSize);
            foreach (CommittedPlace place in page)
            {
                promised.Add(place.OrderId, place.Generation);
                after = place.OrderId;
            }
        }
        while (page.Length == PageSize);
        return promised;
    }

    // Orders of the day that have or had a promise: those that are not paid for, or were given up, have none.
    private async IAsyncEnumerable<OrderRecord> Orders(
        DayKey key,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string day = key.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        FilterExpression filter = IOrderQueries.Filterable.Parse($"delivery_date = \"{day}\"").OrThrow();
        PageRequest page = new(PageSize, null);
        while (true)
        {
            Page<OrderRecord> found = await queries.List(null, filter, page, cancellationToken);
            foreach (OrderRecord order in found.Items.Where(order => IsPromised(order, key)))
            {
                yield return order;
            }

            if (found.Next is not { } next)
            {
                yield break;
            }

            page = page with { After = next };
        }
    }

    // The order is asked itself: since the page was read it may have been cancelled or moved.
    private async Task<bool> HasPlaceAgain(OrderRecord read, DayKey key)
    {
        if (await Present(read.Id.Value) is not { } order || !IsPromised(order, key))
        {
            return true;
        }

        Outcome<Done> committed = await holds.Commit(order);
        if (committed.Fault is { } fault)
        {
            OrdersLog.WithoutPlace(log, order.Id, key.Text, fault.Reason);
        }

        return committed.Fault is null;
    }

    // An order whose payment is settled at this moment has its promise before it is confirmed, so that only one which
    // has ended, or is elsewhere, leaks.
    private async Task<bool> GivenBack(IDeliveryDayGrain grain, DayKey key, string id, long generation)
    {
        OrderRecord? order = await Present(id);
        bool isNeeded = order is { State: not (OrderState.Cancelled or OrderState.Expired) }
            && IsOf(order, key) && order.Terms.PlaceGeneration <= generation;
        if (isNeeded)
        {
            return false;
        }

        string reason = order is null ? "no such order" : IsOf(order, key) ? $"it is {order.State}" : "it is elsewhere";
        (await grain.Release(new ReleasePlace(id, generation, reason))).OrThrow();
        return true;
    }

    private async Task<OrderRecord?> Present(string id) =>
        (await grains.GetGrain<IOrderGrain>(id).Get()).Value;

    private static bool IsPromised(OrderRecord order, DayKey key) => IsOf(order, key)
        && order.State is not (OrderState.PendingPayment or OrderState.Cancelled or OrderState.Expired);

    private static bool IsOf(OrderRecord order, DayKey key) =>
        order.Terms.Shop == key.Shop && order.Draft.DeliveryOn == key.Day;
}

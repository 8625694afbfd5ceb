using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Orders;

/// <summary>Orders by their delivery date, from the index that their commits write.</summary>
public interface IPastOrders
{
    /// <summary>Orders that were to be delivered before a day, in order of day and id.</summary>
    /// <param name="before">The day.</param>
    /// <param name="after">Begin behind this one; null begins at the start.</param>
    /// <param name="max">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<PastOrder>> Read(
        DateOnly before, PastOrder? after, int max, CancellationToken cancellationToken);
}

/// <summary>An order, by the day of its delivery.</summary>
/// <param name="DeliveryOn">The day.</param>
/// <param name="Id">The order.</param>
public sealed record PastOrder(DateOnly DeliveryOn, OrderId Id);

/// <summary>
/// Recipients gave their number for one delivery; some time after it the order forgets it. The pass goes on where the
/// last one ended: what has passed once has no number any more.
/// </summary>
internal sealed class OrderPhones(
    IPastOrders orders, IGrainFactory grains, IOptions<RetentionOptions> options) : IRetentionSource
{
    public string Name => "recipient-phones";

    public bool GoesOn => true;

    public async Task<RetentionPage> Page(string? after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int max = options.Value.PageRows;
        PastOrder? place = after is null ? null : FloristJson.Read<PastOrder>(after);
        DateOnly before = DateOnly.FromDateTime(now.UtcDateTime).AddDays(-options.Value.RecipientPhonesDays);
        ImmutableArray<PastOrder> page = await orders.Read(before, place, max, cancellationToken);
        bool[] forgotten = await Task.WhenAll(
            page.Select(order => grains.GetGrain<IOrderGrain>(order.Id.Value).ForgetPhone()));
        return new RetentionPage(
            page.IsEmpty ? after : FloristJson.Write(page[^1]), page.Length < max, forgotten.Count(one => one));
    }
}

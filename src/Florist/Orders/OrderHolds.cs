using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Stock;
using Florist.Vouchers;
using Orleans;

namespace Florist.Orders;

/// <summary>
/// What an order needs of the days of shops: looked up for a quote, held before it is taken, promised before it is
/// confirmed, given back when it ends. Every step is safe to repeat, and none leaves anything behind for good that was
/// not followed by the next: a hold expires, and a promise without an order is found when the day is compared.
/// </summary>
internal sealed class OrderHolds(IGrainFactory grains, ShopPlans plans, ICatalogue catalogue)
{
    /// <summary>The day of a draft as it stands; a refusal <c>NOT_DELIVERABLE</c>.</summary>
    public async Task<Outcome<OrderDay>> DayOf(OrderDraft draft, OrderContext context, DateTimeOffset now)
    {
        PostalAddress address = context.Contact.Address;
        if (plans.AreaOf(address.RegionCode, address.PostalCode) is not { } area)
        {
            return Fault.Refused("NOT_DELIVERABLE", $"no shop delivers to {address.RegionCode}, or not there")
                .With("regionCode", address.RegionCode);
        }

        DeliveryDay day = await Grain(area.Shop, draft.DeliveryOn).Get();
        return new OrderDay
        {
            Area = area,
            Day = day,
            CutOffAt = plans.CutOff(day.Plan, area.Shop, area.Id, draft.DeliveryOn),
            NextOpenDay = plans.NextOpenDay(area, now),
        };
    }

    /// <summary>The slot that a draft would get now; a refusal <c>SLOT_FULL</c> or <c>OUT_OF_STOCK</c>.</summary>
    public Outcome<Done> Offer(OrderDraft draft, OrderTerms terms, OrderDay day) =>
        day.Day.Refusal(OrderDay.ClaimOf(new OrderId(""), draft, terms), catalogue) is { } refusal
            ? refusal
            : Done.Value;

    /// <summary>
    /// What the draft's voucher is worth to its customer now; a refusal as of <see cref="IVoucherGrain.Check"/>.
    /// </summary>
    /// <returns>Without terms when no voucher is used.</returns>
    public async Task<Outcome<OrderVoucher>> VoucherOf(OrderDraft draft, CustomerId customer, OrderId order)
    {
        if (draft.Voucher is not { } code)
        {
            return new OrderVoucher(null);
        }

        Outcome<VoucherTerms> worth =
            await grains.GetGrain<IVoucherGrain>(code).Check(new UseVoucher(order.Value, customer.Value));
        return worth.Then<OrderVoucher>(terms => new OrderVoucher(terms));
    }

    /// <summary>
    /// What the voucher of an order is worth that has it already, valid or not: who changes an order keeps it.
    /// </summary>
    public async Task<Outcome<OrderVoucher>> VoucherKept(OrderDraft draft) => draft.Voucher is { } code
        ? (await Voucher(code).Get()).Then<OrderVoucher>(voucher => new OrderVoucher(voucher.Terms))
        : new OrderVoucher(null);

    /// <summary>Holds what an order needs that is about to be taken: all of it or nothing.</summary>
    /// <returns>
    /// The order with its place; a refusal as of <see cref="IDeliveryDayGrain.Hold"/> or
    /// <see cref="IVoucherGrain.Reserve"/>.
    /// </returns>
    public async Task<Outcome<OrderPlaced>> Hold(OrderPlaced placed)
    {
        IDeliveryDayGrain day = Grain(placed.Terms.Shop, placed.Draft.DeliveryOn);
        Outcome<HeldPlace> held = await day.Hold(OrderDay.ClaimOf(placed.Id, placed.Draft, placed.Terms));
        if (held.Fault is null && placed.Draft.Voucher is { } code
            && (await Voucher(code).Reserve(UseOf(placed.Id, placed.Context.CustomerId))).Fault is { } refused)
        {
            // The hold would run out by itself; somebody else may be waiting for it.
            await day.Release(new ReleasePlace(placed.Id.Value, placed.Terms.PlaceGeneration));
            return refused;
        }

        return held.Then<OrderPlaced>(
            place => placed with { Terms = placed.Terms with { Slot = place.Slot } });
    }

    /// <summary>Makes a promise of what an order holds, before it is confirmed.</summary>
    public async Task<Outcome<Done>> Commit(OrderRecord order)
    {
        if (!HasPlace(order.Terms))
        {
            return Done.Value;
        }

        Outcome<HeldPlace> committed = await Grain(order.Terms.Shop, order.Draft.DeliveryOn)
            .Commit(OrderDay.ClaimOf(order.Id, order.Draft, order.Terms));
        if (committed.Fault is null && order.Draft.Voucher is { } code)
        {
            Outcome<VoucherTerms> redeemed = await Voucher(code).Commit(UseOf(order.Id, order.CustomerId));
            return redeemed.Then<Done>(_ => Done.Value);
        }

        return committed.Then<Done>(_ => Done.Value);
    }

    /// <summary>
    /// Promises a confirmed order another day, slot or other lines. What it had stays promised until the change is
    /// committed and <see cref="ReleaseOf"/> the old terms was sent with it; on the same day it is exchanged at once.
    /// </summary>
    /// <param name="order">The order as it is.</param>
    /// <param name="draft">What it will be.</param>
    /// <param name="terms">Its new terms, as they were priced.</param>
    /// <returns>
    /// The new terms with place and generation; a refusal as of <see cref="IDeliveryDayGrain.Move"/>.
    /// </returns>
    public async Task<Outcome<OrderTerms>> Move(OrderRecord order, OrderDraft draft, OrderTerms terms)
    {
        OrderTerms next = terms with { PlaceGeneration = order.Terms.PlaceGeneration + 1 };
        Outcome<HeldPlace> moved = await Grain(next.Shop, draft.DeliveryOn)
            .Move(OrderDay.ClaimOf(order.Id, draft, next));
        return moved.Then<OrderTerms>(place => next with { Slot = place.Slot });
    }

    /// <summary>
    /// The message by which what an order has is given back: of an order that has ended, or of its old terms once it
    /// was moved to another day. Null when there is nothing to give back, as after a move within the day.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="old">The draft and the terms under which it has what it gives back.</param>
    /// <param name="now">Those it has from now on; null when it has ended.</param>
    public static OutboxMessage? ReleaseOf(
        OrderId order, (OrderDraft Draft, OrderTerms Terms) old, (OrderDraft Draft, OrderTerms Terms)? now)
    {
        bool isSameDay = now is { } next
            && next.Terms.Shop == old.Terms.Shop && next.Draft.DeliveryOn == old.Draft.DeliveryOn;
        if (!HasPlace(old.Terms) || isSameDay)
        {
            return null;
        }

        // A voucher stays with the order while it goes on.
        PlaceRelease release = new(
            order,
            old.Terms.Shop,
            old.Draft.DeliveryOn,
            old.Terms.PlaceGeneration,
            now is null ? old.Draft.Voucher : null);
        return OutboxMessage.Of(
            ReleasePlaces.TopicName,
            $"{order}:release-place:{old.Terms.PlaceGeneration}",
            release,
            OutboxClass.Critical);
    }

    /// <summary>True unless the order was placed before days were counted.</summary>
    public static bool HasPlace(OrderTerms terms) => terms.Shop.Length > 0;

    private static UseVoucher UseOf(OrderId order, CustomerId customer) => new(order.Value, customer.Value);

    private IVoucherGrain Voucher(string code) => grains.GetGrain<IVoucherGrain>(code);

    private IDeliveryDayGrain Grain(string shop, DateOnly day) =>
        grains.GetGrain<IDeliveryDayGrain>(new DayKey(shop, day).Text);
}

/// <summary>The voucher of an order.</summary>
/// <param name="Terms">What it is worth; null when none is used.</param>
internal sealed record OrderVoucher(VoucherTerms? Terms);

/// <summary>Gives back what an order has of a day, and the use of its voucher.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Shop">The shop.</param>
/// <param name="Day">The day.</param>
/// <param name="Generation">Claims up to this generation.</param>
/// <param name="Voucher">The code of the voucher whose use is given back; null for none.</param>
internal sealed record PlaceRelease(
    OrderId OrderId, string Shop, DateOnly Day, long Generation, string? Voucher = null);

/// <summary>Gives back what an order has of a day, once it has ended or moved.</summary>
internal sealed class ReleasePlaces(IGrainFactory grains) : IOutboxHandler
{
    public const string TopicName = "orders.release_place";

    public string Topic => TopicName;

    public async Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
    {
        PlaceRelease release = message.Read<PlaceRelease>();
        Outcome<Done> released = await grains
            .GetGrain<IDeliveryDayGrain>(new DayKey(release.Shop, release.Day).Text)
            .Release(new ReleasePlace(release.OrderId.Value, release.Generation));
        if (release.Voucher is { } code)
        {
            await grains.GetGrain<IVoucherGrain>(code).Release(release.OrderId.Value);
        }

        return released.Fault is { } fault ? OutboxResult.Retry(fault.Reason) : OutboxResult.Done;
    }
}

using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;
using Orleans;
using Orleans.Concurrency;

namespace Florist.Stock;

/// <summary>
/// A shop's delivery day: the stems on hand and the places of every slot, and who has how many of them. Key:
/// <see cref="DayKey"/>, as <c>main/2026-06-12</c>. It is the one writer of what it counts: whatever is taken is
/// checked and taken in the same turn, and written before anybody is told.
/// </summary>
/// <remarks>
/// A day that nobody has planned has the plan of the settings, and stems that nobody has counted do not run out.
/// Claims are named by the order that has them; every command about them is safe to repeat.
/// </remarks>
public interface IDeliveryDayGrain : IGrainWithStringKey
{
    /// <summary>What there is and what is taken, as it is durable, less the holds that have expired by now.</summary>
    [AlwaysInterleave]
    Task<DeliveryDay> Get();

    /// <summary>Keeps a place and all stems of an order for some minutes.</summary>
    /// <returns>
    /// The place; Invalid for a slot or bouquet that does not exist; a refusal <c>NO_DELIVERY_DAY</c>,
    /// <c>PAST_CUT_OFF</c>, <c>BOUQUET_CLOSED</c>, <c>SLOT_FULL</c>, <c>OUT_OF_STOCK</c> or <c>CLAIM_OUTDATED</c>.
    /// </returns>
    Task<Outcome<HeldPlace>> Hold(ClaimPlace command);

    /// <summary>
    /// Promises what was held. When the hold has expired it is taken anew, if there still is enough; the cut-off counts
    /// for holding alone.
    /// </summary>
    /// <returns>
    /// The place; a refusal <c>SLOT_FULL</c>, <c>OUT_OF_STOCK</c>, <c>CLAIM_RELEASED</c> or <c>CLAIM_OUTDATED</c>.
    /// </returns>
    Task<Outcome<HeldPlace>> Commit(ClaimPlace command);

    /// <summary>
    /// Changes what an order has on this day, to another slot or other bouquets, in one step: either it has the new or
    /// it keeps the old. An order that has nothing yet is promised what it asks for.
    /// </summary>
    /// <returns>As <see cref="Hold"/>.</returns>
    Task<Outcome<HeldPlace>> Move(ClaimPlace command);

    /// <summary>Gives back what an order has, held or promised. What a later generation claimed stays.</summary>
    Task<Outcome<Done>> Release(ReleasePlace command);

    /// <summary>Promised claims in ordinal order of their orders, for comparing them with the orders.</summary>
    /// <param name="after">Begin behind this order; null begins at the start.</param>
    /// <param name="max">At most so many, from 1 to 1000.</param>
    Task<ImmutableArray<CommittedPlace>> Committed(string? after, int max);

    /// <summary>Changes the day's plan. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The day; Stale for another etag; a refusal <c>CAPACITY_TAKEN</c> when more is taken of a slot than it would
    /// have, or <c>SLOT_TAKEN</c> for the removal of a slot of which something is taken.
    /// </returns>
    Task<Outcome<DeliveryDay>> Plan(PlanDay command);

    /// <summary>
    /// Stems have come in for this day; from the first time on they are counted. Safe to repeat with the same request
    /// id.
    /// </summary>
    /// <returns>The day; Invalid for stems that the catalogue does not have; TooMany above the limits.</returns>
    Task<Outcome<DeliveryDay>> Receive(ReceiveStems command);

    /// <summary>
    /// Corrects a count: waste, a recount, stems handed to another day. Safe to repeat with the same request id.
    /// </summary>
    /// <returns>
    /// The day; Stale; a refusal <c>STEMS_PROMISED</c> when less than what is taken would be left, or
    /// <c>STEM_NOT_COUNTED</c>.
    /// </returns>
    Task<Outcome<DeliveryDay>> Adjust(AdjustStems command);

    /// <summary>
    /// Lets more be promised than there is, on record: the only way past a full slot or an empty bucket. Safe to repeat
    /// with the same request id.
    /// </summary>
    /// <returns>The day; Invalid for a slot that does not exist; a refusal <c>STEM_NOT_COUNTED</c>.</returns>
    Task<Outcome<DeliveryDay>> Override(OverrideDay command);

    /// <summary>What was counted, wasted, perished, overridden and repaired, latest first.</summary>
    /// <param name="before">Begin before this number; null begins at the latest.</param>
    /// <param name="max">At most so many, from 1 to 1000.</param>
    Task<ImmutableArray<StockMovement>> Movements(long? before, int max);
}

/// <summary>Claims a place and stems for an order.</summary>
public sealed record ClaimPlace
{
    /// <summary>The order.</summary>
    public string OrderId { get; init; } = "";

    /// <summary>Grows with every change of the order's day, slot or lines; 0 for the first.</summary>
    public long Generation { get; init; }

    /// <summary>Where to, see <see cref="DeliveryArea.Id"/>: its cut-off counts.</summary>
    public string Area { get; init; } = "";

    /// <summary>Exactly this slot; null leaves the choice to the day, within <see cref="Window"/>.</summary>
    public string? Slot { get; init; }

    /// <summary>When it shall come, in civil time; null for any time of the day.</summary>
    public SlotWindow? Window { get; init; }

    /// <summary>What.</summary>
    public ImmutableArray<ClaimedBouquet> Lines { get; init; } = [];
}

/// <summary>So many of a bouquet.</summary>
/// <param name="Bouquet">Which.</param>
/// <param name="Quantity">At least 1.</param>
public sealed record ClaimedBouquet(BouquetId Bouquet, int Quantity);

/// <summary>The place that an order has.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Window">Its window.</param>
/// <param name="ExpiresAt">Until when it is held; null once it is promised.</param>
public sealed record HeldPlace(string Slot, SlotWindow Window, DateTimeOffset? ExpiresAt);

/// <summary>Gives a place and stems back.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Generation">Claims up to this generation.</param>
/// <param name="Reason">Null in the ordinary course; a word for the record when a leak is repaired.</param>
public sealed record ReleasePlace(string OrderId, long Generation, string? Reason = null);

/// <summary>A promised claim.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Generation">The generation.</param>
/// <param name="Slot">The slot.</param>
public sealed record CommittedPlace(string OrderId, long Generation, string Slot);

/// <summary>Changes a day's plan.</summary>
/// <param name="RequestId">Tells a repeat from a second request; null promises nothing about repeats.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="Plan">The values of what changes.</param>
/// <param name="Parts">What changes.</param>
public sealed record PlanDay(
    string? RequestId, string? Etag, string By, DayPlan Plan, ImmutableArray<PlanPart> Parts);

/// <summary>Stems have come in.</summary>
/// <param name="RequestId">As in <see cref="PlanDay"/>.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="Batch">The supplier's batch or note; null when there is none.</param>
/// <param name="Stems">How many of which; each at least 1.</param>
public sealed record ReceiveStems(
    string? RequestId, string By, string? Batch, ImmutableSortedDictionary<string, int> Stems);

/// <summary>Corrects counts.</summary>
/// <param name="RequestId">As in <see cref="PlanDay"/>.</param>
/// <param name="Etag">As in <see cref="PlanDay"/>.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Reason">In words; null for none.</param>
/// <param name="Stems">By how many, negative for less.</param>
public sealed record AdjustStems(
    string? RequestId,
    string? Etag,
    string By,
    MovementKind Kind,
    string? Reason,
    ImmutableSortedDictionary<string, int> Stems);

/// <summary>Lets more be promised than there is.</summary>
/// <param name="RequestId">As in <see cref="PlanDay"/>.</param>
/// <param name="By">The principal, for the record.</param>
/// <param name="Reason">Why.</param>
/// <param name="Places">So many places more, by slot; at least 1 each.</param>
/// <param name="Stems">So many stems more; at least 1 each.</param>
public sealed record OverrideDay(
    string? RequestId,
    string By,
    string Reason,
    ImmutableSortedDictionary<string, int> Places,
    ImmutableSortedDictionary<string, int> Stems);

using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>
/// What a courier has to know of one delivery that it is offered or has taken on. Kept as a row for as long as it has
/// to know it, and no longer: with the leg, the recipient's address goes.
/// </summary>
public sealed record CourierAssignment
{
    /// <summary>The order.</summary>
    public string OrderId { get; init; } = "";

    /// <summary>The delivery of that order.</summary>
    public DeliveryId Delivery { get; init; } = new("");

    /// <summary>Whose it is.</summary>
    public CourierId Courier { get; init; } = new("");

    /// <summary>Until when it may be accepted; null for a leg.</summary>
    public DateTimeOffset? OfferEndsAt { get; init; }

    /// <summary>The leg; 0 for an offer.</summary>
    public int Leg { get; init; }

    /// <summary>The attempt; 0 for an offer.</summary>
    public int Attempt { get; init; }

    /// <summary>Where the delivery stands.</summary>
    public DeliveryState State { get; init; }

    /// <summary>What was agreed about it.</summary>
    public DeliveryPolicy Policy { get; init; } = new();

    /// <summary>Where it goes; null once it is over, and only a proof is still to come.</summary>
    public DeliveryDropoff? Dropoff { get; init; }

    /// <summary>True when a proof is still to come.</summary>
    public bool ProofPending { get; init; }

    /// <summary>The delivery's resource name.</summary>
    [JsonIgnore]
    public string Name => DeliveryNames.Delivery(OrderId, Delivery);
}

/// <summary>Where flowers go.</summary>
public sealed record DeliveryDropoff
{
    /// <summary>Given name of the recipient.</summary>
    public string GivenName { get; init; } = "";

    /// <summary>Family name of the recipient; null when not known.</summary>
    public string? FamilyName { get; init; }

    /// <summary>The address.</summary>
    public PostalAddress Address { get; init; } = new();

    /// <summary>A number for this delivery only; null when not known.</summary>
    public string? Phone { get; init; }

    /// <summary>How to get in; null for nothing to say.</summary>
    public string? AccessNote { get; init; }

    /// <summary>The kind of place, as <c>HOSPITAL</c>.</summary>
    public string Place { get; init; } = "";

    /// <summary>Where it may be left; null when not told.</summary>
    public string? SafePlace { get; init; }
}

/// <summary>A courier has something new to look at; its desk looks it up.</summary>
/// <param name="Courier">The courier.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Delivery">The delivery of that order.</param>
internal sealed record AssignmentChanged(CourierId Courier, string OrderId, DeliveryId Delivery);

/// <summary>The rows of assignments, written in the commit of the order.</summary>
public static class CourierAssignments
{
    /// <summary>The table.</summary>
    public const string Table = "courier_assignment";

    /// <summary>What a courier has to know of a delivery; null when no courier has to know anything.</summary>
    internal static CourierAssignment? Of(string orderId, DeliveryRecord delivery, DeliveryDropoff dropoff)
    {
        bool isLeg = delivery.LegOpen && (!delivery.State.IsTerminal() || delivery.ProofPending);
        CourierId? courier = isLeg ? delivery.Courier : delivery.Offer?.Courier;
        return courier is not { } known
            ? null
            : new CourierAssignment
            {
                OrderId = orderId,
                Delivery = delivery.Id,
                Courier = known,
                OfferEndsAt = isLeg ? null : delivery.Offer?.ExpiresAt,
                Leg = isLeg ? delivery.Leg : 0,
                Attempt = isLeg ? delivery.Attempt : 0,
                State = delivery.State,
                Policy = delivery.Policy,
                Dropoff = delivery.State.IsTerminal() ? null : dropoff,
                ProofPending = delivery.ProofPending,
            };
    }

    /// <summary>
    /// Effects that keep the rows, and tell the couriers, of what changed between two states of an order.
    /// </summary>
    /// <param name="before">The deliveries before, and where they went.</param>
    /// <param name="after">The deliveries after, and where they go.</param>
    /// <param name="revision">The order's revision after.</param>
    /// <param name="effects">Effects that are not written yet.</param>
    public static Effects Changes(
        (DeliveryBook Book, DeliveryDropoff Dropoff) before,
        (DeliveryBook Book, DeliveryDropoff Dropoff) after,
        long revision,
        Effects effects)
    {
        string orderId = after.Book.OrderId;
        foreach (DeliveryRecord delivery in after.Book.Deliveries)
        {
            DeliveryRecord? known = before.Book.Deliveries.FirstOrDefault(one => one.Id == delivery.Id);
            CourierAssignment? was = known is null ? null : Of(orderId, known, before.Dropoff);
            CourierAssignment? now = Of(orderId, delivery, after.Dropoff);
            if (was == now)
            {
                continue;
            }

            effects = effects.Put(Row(orderId, delivery.Id, now));
            if (IsToldTo(was, now))
            {
                foreach (CourierId courier in new[] { was?.Courier, now?.Courier }.OfType<CourierId>().Distinct())
                {
                    effects = effects.Send(OutboxMessage.Of(
                        DeliveryEvents.AssignmentsChanged,
                        $"{DeliveryEvents.AssignmentsChanged}:{courier}:{orderId}:{delivery.Id}:{revision}",
                        new AssignmentChanged(courier, orderId, delivery.Id)));
                }
            }
        }

        return effects;
    }

    // What a courier has reported itself it knows; what somebody else decided, and the end, it does not.
    private static bool IsToldTo(CourierAssignment? was, CourierAssignment? now) =>
        was is null || now is null
        || was with { State = now.State } != now
        || (now.State == DeliveryState.Returning && was.State != now.State);

    private static RowChange Row(string orderId, DeliveryId delivery, CourierAssignment? assignment) => new()
    {
        Table = Table,
        Key = [new("order_id", orderId), new("delivery_id", delivery.Value)],
        Values = assignment is null
            ? default
            : [new("courier_id", assignment.Courier.Value), new("body", FloristJson.Write(assignment))],
    };
}

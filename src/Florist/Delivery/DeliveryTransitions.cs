using System.Collections.Immutable;
using static Florist.Delivery.DeliveryRole;
using static Florist.Delivery.DeliveryState;

namespace Florist.Delivery;

/// <summary>A legal move.</summary>
/// <param name="From">From where.</param>
/// <param name="To">To where.</param>
/// <param name="By">Who may make it.</param>
/// <param name="NextAttempt">True when it begins the next attempt.</param>
public sealed record DeliveryTransition(
    DeliveryState From, DeliveryState To, DeliveryRole By, bool NextAttempt = false);

/// <summary>The published transition table: nothing else is legal.</summary>
public static class DeliveryTransitions
{
    /// <summary>All 21 moves.</summary>
    public static readonly ImmutableArray<DeliveryTransition> All =
    [
        new(Pending, Assigned, Courier | Dispatcher | Shop),
        new(Pending, Cancelled, Sender | Shop | Dispatcher),
        new(Assigned, Pending, Courier | Dispatcher | Shop),
        new(Assigned, OutForDelivery, Courier),
        new(Assigned, Cancelled, Shop | Dispatcher),
        new(OutForDelivery, Arrived, Courier),
        new(OutForDelivery, Delivered, Courier),
        new(OutForDelivery, AttemptFailed, Courier),
        new(OutForDelivery, Returning, Courier | Shop | Dispatcher),
        new(OutForDelivery, Failed, Courier | Dispatcher),
        new(Arrived, Delivered, Courier),
        new(Arrived, AttemptFailed, Courier),
        new(Arrived, Returning, Courier | Shop | Dispatcher),
        new(Arrived, Failed, Courier | Dispatcher),
        new(AttemptFailed, OutForDelivery, Courier | Dispatcher, NextAttempt: true),
        new(AttemptFailed, Delivered, Courier),
        new(AttemptFailed, Returning, Courier | Shop | Dispatcher),
        new(AttemptFailed, Failed, Courier | Dispatcher),
        new(Returning, Returned, Courier | Shop),
        new(Returning, Failed, Courier | Shop | Dispatcher),
        new(Returning, OutForDelivery, Dispatcher, NextAttempt: true),
    ];
}

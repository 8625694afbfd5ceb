using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Tests.Delivery;

/// <summary>Deliveries and reports to begin tests with.</summary>
internal static class Deliveries
{
    public static readonly DateTimeOffset Noon = new(2027, 3, 6, 12, 0, 0, TimeSpan.Zero);
    public static readonly CourierId Swift = new("swift");
    public static readonly CourierId Other = new("other");
    public static readonly DeliveryId First = new("d1");
    public static readonly DeliveryActor Anna = new(DeliveryRole.Dispatcher, "staff:anna");

    public static readonly DeliveryPolicy Policy = new()
    {
        Window = new DeliveryWindow(Noon, Noon + TimeSpan.FromHours(6)),
        AttemptsMax = 3,
    };

    /// <summary>A delivery in a state, reached without news: on leg 1 with the courier Swift, attempt 1.</summary>
    public static DeliveryRecord In(DeliveryState state, int attempt = 1) => new()
    {
        Id = First,
        State = state,
        LegCouriers = [Swift],
        LegOpen = state is not (DeliveryState.Pending or DeliveryState.Cancelled),
        Attempt = attempt,
        Policy = Policy,
        LastNewsAt = Noon,
        Milestones = state.IsTerminal() ? [new Milestone(MilestoneKind.Complete, 1, Noon, Inferred: false)] : [],
    };

    public static CourierReport Report(DeliveryState state, int attempt = 1, DateTimeOffset? at = null) => new()
    {
        Courier = Swift,
        EventId = $"{state}-{attempt}",
        Delivery = First,
        Leg = 1,
        Attempt = attempt,
        OccurTime = at ?? Noon,
        State = new StateReport
        {
            State = state,
            Outcome = state == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
            FailureReason = state switch
            {
                DeliveryState.AttemptFailed or DeliveryState.Returning => FailureReason.RecipientNotHome,
                DeliveryState.Failed => FailureReason.Lost,
                _ => null,
            },
        },
    };

    public static DeliveryDecision Decide(DeliveryRecord? delivery, CourierReport report, DateTimeOffset? now = null) =>
        DeliveryRules.Decide(delivery, report, SeenEvents.None, now ?? Noon);

    /// <summary>
    /// A book whose one delivery has been assigned to these couriers, each but the last taken off it again.
    /// </summary>
    public static DeliveryBook Assigned(params ReadOnlySpan<CourierId> couriers)
    {
        DeliveryBook book = Value(new DeliveryBook().Open("o1", new(First, Policy, null), Noon, Effects.None)).Book;
        foreach (CourierId courier in couriers)
        {
            book = book.Deliveries[0].Leg > 0
                ? Reassigned(book, courier)
                : Value(book.Assign(new(null, First, Anna, courier, null), Noon, Effects.None)).Book;
        }

        return book;
    }

    public static DeliveryBook Reassigned(DeliveryBook book, CourierId courier)
    {
        book = Value(book.Unassign(new(null, First, Anna, null, null), Noon, Effects.None)).Book;
        return Value(book.Assign(new(null, First, Anna, courier, null), Noon, Effects.None)).Book;
    }

    public static T Value<T>(Outcome<T> outcome) =>
        outcome.Failed(out Fault? fault, out T? value) ? throw new InvalidOperationException(fault.Text) : value;

    public static Fault Refusal<T>(Outcome<T> outcome) =>
        outcome.Failed(out Fault? fault, out _) ? fault : throw new InvalidOperationException("was not refused");

    public static ImmutableArray<DeliveryChanged> Published(Effects effects) =>
        [.. effects.Pending.Select(message => message.Read<DeliveryChanged>())];
}

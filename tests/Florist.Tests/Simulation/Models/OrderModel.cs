using System.Collections.Immutable;
using Florist.Delivery;
using Florist.Orders;

namespace Florist.Tests.Simulation.Models;

/// <summary>Something that is asked of an order or of its delivery.</summary>
internal abstract record OrderCommand(string? RequestId);

internal sealed record PlaceIt(string? RequestId, int Quantity) : OrderCommand(RequestId);

internal sealed record SettleIt(bool Authorized) : OrderCommand((string?)null);

internal sealed record CancelIt(string? RequestId, bool ByStaff) : OrderCommand(RequestId);

internal sealed record AssignIt(string? RequestId, string Courier) : OrderCommand(RequestId);

internal sealed record UnassignIt(string? RequestId) : OrderCommand(RequestId);

internal sealed record RecallIt(string? RequestId) : OrderCommand(RequestId);

internal sealed record ReattemptIt(string? RequestId) : OrderCommand(RequestId);

/// <summary>A courier's report.</summary>
/// <param name="EventId">From a small pool, so that some come twice.</param>
/// <param name="State">What it tells.</param>
/// <param name="LegsBack">0 tells of the present leg, 1 of the one before, -1 of one to come.</param>
/// <param name="Attempt">Of which attempt.</param>
internal sealed record TellIt(string EventId, DeliveryState State, int LegsBack, int Attempt)
    : OrderCommand((string?)null);

internal sealed record PassTime(int Minutes) : OrderCommand((string?)null);

internal sealed record LosePower() : OrderCommand((string?)null);

/// <summary>An order and its one delivery as a page of a textbook would have them.</summary>
internal sealed record OrderModel
{
    public const int AttemptsMax = 2;

    public OrderState? State { get; init; }

    public PaymentState Payment { get; init; }

    public int PlacedAt { get; init; }

    public int Minute { get; init; }

    public DeliveryState? Delivery { get; init; }

    public int Leg { get; init; }

    public bool LegOpen { get; init; }

    public int Attempt { get; init; }

    /// <summary>Minute of the day on which the customer may not cancel any more.</summary>
    public int CutOff { get; init; }

    /// <summary>Minute from which the flowers are not worth another attempt.</summary>
    public int FreshUntil { get; init; }

    public ImmutableSortedDictionary<string, OrderCommand> Answered { get; init; } =
        ImmutableSortedDictionary.Create<string, OrderCommand>(StringComparer.Ordinal);

    private bool HasEnded => State is OrderState.Completed or OrderState.Cancelled or OrderState.Expired;

    /// <summary>
    /// The model after a command, and the answer: "ok" or a word for the refusal; null where what a courier says has
    /// rules of its own.
    /// </summary>
    public (OrderModel Next, string? Answer) Step(OrderCommand command)
    {
        switch (command)
        {
            case LosePower:
                return (this, "ok");
            case PassTime pass:
                OrderModel later = this with { Minute = Minute + pass.Minutes };
                bool lapses = State == OrderState.PendingPayment && later.Minute >= PlacedAt + 10;
                return (lapses ? later with { State = OrderState.Expired } : later, "ok");
            case PlaceIt:
                break;
            default:
                if (State is null)
                {
                    return (this, command is TellIt ? null : "NotFound");
                }

                break;
        }

        if (command.RequestId is { } id && Answered.TryGetValue(id, out OrderCommand? earlier))
        {
            return (this, earlier == command ? "ok" : "Invalid REQUEST_ID_REUSED");
        }

        (OrderModel next, string? answer) = command is TellIt ? (this, null) : Decide(command);
        return answer == "ok" && command.RequestId is { } given
            ? (next with { Answered = next.Answered.SetItem(given, command) }, answer)
            : (next, answer);
    }

    private (OrderModel, string) Decide(OrderCommand command) => command switch
    {
        PlaceIt => State is not null ? (this, "Exists")
            : Minute >= CutOff ? (this, "Refused PAST_CUT_OFF")
            : (this with { State = OrderState.PendingPayment, PlacedAt = Minute }, "ok"),
        SettleIt settle => (Settled(settle.Authorized), "ok"),
        CancelIt cancel => Cancelled(cancel),
        AssignIt => Move(DeliveryState.Pending, Leg < 8 ? null : "TooMany LEGS_LIMIT", this with
        {
            Delivery = DeliveryState.Assigned,
            Leg = Leg + 1,
            LegOpen = true,
            Attempt = 1,
        }),
        UnassignIt => Move(
            DeliveryState.Assigned, null, this with { Delivery = DeliveryState.Pending, LegOpen = false }),
        RecallIt => Delivery is DeliveryState.Arrived or DeliveryState.AttemptFailed
            ? Move(Delivery.Value, null, this with { Delivery = DeliveryState.Returning })
            : Move(DeliveryState.OutForDelivery, null, this with { Delivery = DeliveryState.Returning }),
        ReattemptIt => Move(
            Delivery == DeliveryState.Returning ? DeliveryState.Returning : DeliveryState.AttemptFailed,
            Attempt >= AttemptsMax ? "Refused ATTEMPTS_USED_UP" : Minute >= FreshUntil ? "Refused NOT_FRESH" : null,
            this with { Delivery = DeliveryState.OutForDelivery, Attempt = Attempt + 1 }),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "a command without a rule"),
    };

    private OrderModel Settled(bool authorized) => (State, authorized) switch
    {
        (OrderState.PendingPayment, true) => this with
        {
            State = OrderState.Confirmed,
            Payment = PaymentState.Authorized,
            Delivery = DeliveryState.Pending,
        },
        (OrderState.PendingPayment, false) => this with { State = OrderState.Expired, Payment = PaymentState.Failed },
        (OrderState.Cancelled or OrderState.Expired, true) when Payment == PaymentState.Pending =>
            this with { Payment = PaymentState.Refunded },
        _ => this,
    };

    private (OrderModel, string) Cancelled(CancelIt command)
    {
        if (HasEnded)
        {
            return (this, "Refused ORDER_ENDED");
        }

        if (Delivery is not (null or DeliveryState.Pending or DeliveryState.Assigned))
        {
            return (this, "Refused ALREADY_COLLECTED");
        }

        return !command.ByStaff && State != OrderState.PendingPayment && Minute >= CutOff
            ? (this, "Refused PAST_CUT_OFF")
            : (this with
            {
                State = OrderState.Cancelled,
                Payment = Payment == PaymentState.Authorized ? PaymentState.Refunded : Payment,
                Delivery = Delivery is null ? null : DeliveryState.Cancelled,
                LegOpen = false,
            }, "ok");
    }

    private (OrderModel, string) Move(DeliveryState from, string? obstacle, OrderModel next) =>
        Delivery is null ? (this, "NotFound")
        : Delivery != from ? (this, "Refused ILLEGAL_TRANSITION")
        : obstacle is not null ? (this, obstacle)
        : (next.Followed(), "ok");

    /// <summary>The order as its delivery stands.</summary>
    public OrderModel Followed() => this with
    {
        State = Delivery switch
        {
            _ when State is OrderState.Cancelled or OrderState.Expired or OrderState.PendingPayment => State,
            DeliveryState.Delivered => OrderState.Completed,
            DeliveryState.OutForDelivery or DeliveryState.Arrived or DeliveryState.AttemptFailed
                or DeliveryState.Returning => OrderState.InDelivery,
            _ => State,
        },
    };
}

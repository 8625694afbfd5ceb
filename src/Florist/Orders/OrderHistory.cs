using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>How changes become the next state, with everything that has to be written along with it.</summary>
internal static class OrderHistory
{
    /// <summary>Topic of requests to reserve the amount; body <see cref="PaymentRequest"/>.</summary>
    public const string AuthorizeTopic = "orders.authorize_payment";

    /// <summary>Topic of requests to give back what was reserved; body <see cref="PaymentRelease"/>.</summary>
    public const string ReleaseTopic = "orders.release_payment";

    /// <summary>The name of an order's first delivery.</summary>
    public static readonly DeliveryId FirstDelivery = new("d1");

    /// <summary>The state after a change.</summary>
    public static OrderRecord Apply(
        this OrderRecord order, OrderChange change, OrdersOptions options, DateTimeOffset now) => change switch
        {
            OrderPlaced placed => Placed(order, placed, now),
            OrderPaid paid => Paid(order, paid, options, now),
            OrderLapsed lapsed => Lapsed(order, lapsed, now),
            OrderSoldOut gone => SoldOut(order, gone, now),
            OrderCancelledBy cancelled => Cancelled(order, cancelled, now),
            OrderMovedOn step => Changed(order with { State = step.To }, now),
            PaymentReleased late => Changed(
                Release(order, late.Reference) with { PaymentReference = late.Reference }, now),
            DeliveriesMoved moved => Moved(order, moved, now),
            TrackingChanged tracking => Changed(order with { Tracking = tracking.Tracking }, now),
            NothingChanged => order,
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change without an effect"),
        };

    /// <summary>What other features learn about an order.</summary>
    public static OrderFacts FactsOf(OrderRecord order) => new()
    {
        OrderId = order.Id,
        CustomerId = order.CustomerId,
        RecipientId = order.Draft.RecipientId,
        RecipientGivenName = order.Contact.GivenName,
        DeliveryOn = order.Draft.DeliveryOn,
        WindowStart = order.Terms.Window.Start,
        WindowEnd = order.Terms.Window.End,
        TimeZone = order.Terms.TimeZone,
        Bouquets = [.. order.Draft.Lines.Select(line => new OrderedBouquet(line.Bouquet.Value, line.Quantity))],
        OccasionCategory = order.Draft.Category is { } category ? OccasionCategories.NameOf(category) : null,
        Sympathy = order.Draft.Category == OccasionCategory.Sympathy
            || order.Contact.Place == PlaceType.FuneralHome,
        Total = order.Terms.Total,
        PlacedAt = order.CreatedAt,
    };

    private static OrderRecord Placed(OrderRecord order, OrderPlaced placed, DateTimeOffset now)
    {
        OrderRecord next = order with
        {
            Id = placed.Id,
            CustomerId = placed.Context.CustomerId,
            Draft = placed.Draft,
            Contact = placed.Context.Contact,
            Terms = placed.Terms,
            State = OrderState.PendingPayment,
            PaymentState = PaymentState.Pending,
            ExpiresAt = placed.ExpiresAt,
            CreatedAt = now,
        };
        PaymentRequest request = new(placed.Id, placed.Terms.Total, placed.PaymentToken);
        return Changed(
            Send(next, AuthorizeTopic, "authorize", request, OutboxClass.Critical, placed.ExpiresAt), now);
    }

    private static OrderRecord Paid(OrderRecord order, OrderPaid paid, OrdersOptions options, DateTimeOffset now)
    {
        DeliveryPolicy policy = new()
        {
            Window = new(order.Terms.WindowStartsAt, order.Terms.WindowEndsAt),
            WindowIsHard = order.Contact.Place == PlaceType.FuneralHome,
            FreshUntil = order.Terms.FreshUntil,
            AttemptsMax = options.DeliveryAttemptsMax,
            UnattendedAllowed = order.Draft.Absence.SafePlaceAllowed,
            NeighborAllowed = order.Draft.Absence.NeighbourAllowed,
        };
        OrderRecord next = order with
        {
            State = OrderState.Confirmed,
            PaymentState = PaymentState.Authorized,
            PaymentReference = paid.Reference,
            ExpiresAt = null,
            Tracking = order.Tracking.Open(now).OrBug(),
        };
        next = Send(next, OrdersTopics.Confirmed, "confirmed", new OrderConfirmed(next.Facts(), now));
        return Changed(Opened(next, policy, now), now);
    }

    private static OrderRecord Lapsed(OrderRecord order, OrderLapsed lapsed, DateTimeOffset now)
    {
        OrderRecord next = order with
        {
            State = OrderState.Expired,
            PaymentState = lapsed.Declined ? PaymentState.Failed : PaymentState.Pending,
            ExpiresAt = null,
        };
        OrderExpired news = new(next.Facts(), lapsed.DueAt ?? now, lapsed.Declined);
        return Changed(Send(GiveBack(next), OrdersTopics.Expired, "expired", news), now);
    }

    private static OrderRecord SoldOut(OrderRecord order, OrderSoldOut gone, DateTimeOffset now)
    {
        OrderRecord next = order with
        {
            State = OrderState.Expired,
            PaymentReference = gone.Reference,
            ExpiresAt = null,
        };
        next = Release(GiveBack(next), gone.Reference);
        return Changed(
            Send(next, OrdersTopics.Expired, "expired", new OrderExpired(next.Facts(), now, Declined: false)), now);
    }

    // What the order has of its day, for others.
    private static OrderRecord GiveBack(OrderRecord order) =>
        OrderHolds.ReleaseOf(order.Id, (order.Draft, order.Terms), null) is { } release
            ? order.With(order.Effects.Send(release))
            : order;

    private static OrderRecord Cancelled(OrderRecord order, OrderCancelledBy cancelled, DateTimeOffset now)
    {
        bool confirmed = order.State != OrderState.PendingPayment;
        OrderRecord next = order with
        {
            State = OrderState.Cancelled,
            Cancellation = cancelled.Cancellation,
            ExpiresAt = null,
        };
        if (order.PaymentReference is { } reference)
        {
            next = Release(next, reference);
        }

        OrderCancelled told = new(next.Facts(), now, confirmed);
        next = Send(GiveBack(next), OrdersTopics.Cancelled, "cancelled", told);
        return Changed(CancelDelivery(next, cancelled.Cancellation, now), now);
    }

    private static OrderRecord Moved(OrderRecord order, DeliveriesMoved moved, DateTimeOffset now)
    {
        OrderRecord next = order with { Deliveries = moved.Deliveries, Effects = moved.Effects };
        if (next.CurrentDelivery is not { } current)
        {
            return Changed(next, now);
        }

        next = next with { State = OrderRules.StateBy(order.State, current.State) };
        if (next.State == OrderState.Completed && order.State != OrderState.Completed)
        {
            DateTimeOffset deliveredAt = current.Reached(MilestoneKind.Complete)?.At ?? now;
            next = Send(next, OrdersTopics.Completed, "completed", new OrderCompleted(next.Facts(), deliveredAt));
        }

        return Changed(next, now);
    }

    private static OrderRecord Opened(OrderRecord order, DeliveryPolicy policy, DateTimeOffset now)
    {
        // A fresh book has room for its first delivery, so a fault here is a bug.
        DeliveryStep<DeliveryRecord> step = order.Deliveries
            .Open(order.Id.Value, new OpenDelivery(FirstDelivery, policy, null), now, order.Effects)
            .OrBug();
        return order with { Deliveries = step.Book, Effects = step.Effects };
    }

    private static OrderRecord CancelDelivery(OrderRecord order, Cancellation cancellation, DateTimeOffset now)
    {
        if (order.CurrentDelivery is not { } current || current.State.IsTerminal())
        {
            return order;
        }

        DeliveryActor shop = new(DeliveryRole.Shop, cancellation.By);
        DeliveryStep<DeliveryRecord> step = order.Deliveries
            .Cancel(new CancelDelivery(null, current.Id, shop, cancellation.Reason, null), now, order.Effects)
            .OrBug();
        return order with { Deliveries = step.Book, Effects = step.Effects };
    }

    private static T OrBug<T>(this Outcome<T> outcome) => outcome.Failed(out Fault? fault, out T? value)
        ? throw new InvalidOperationException($"the rules let through what the deliveries refuse: {fault.Reason}")
        : value;

    private static OrderRecord Release(OrderRecord order, string reference) => Send(
        order with { PaymentState = PaymentState.Refunded },
        ReleaseTopic,
        "release",
        new PaymentRelease(order.Id, reference),
        OutboxClass.Critical);

    private static OrderRecord Changed(OrderRecord order, DateTimeOffset now)
    {
        OrderRecord next = order with
        {
            Revision = order.Revision + 1,
            UpdatedAt = now,
            Tracking = order.Tracking.As(order.HasEnded, now),
        };
        return next.With(next.Effects.Put(OrderIndex.Row(next)));
    }

    private static OrderRecord Send<TBody>(
        OrderRecord order,
        string topic,
        string word,
        TBody body,
        OutboxClass @class = OutboxClass.Notice,
        DateTimeOffset? expiresAt = null) =>
        order.With(order.Effects.Send(
            OutboxMessage.Of(topic, $"{order.Id}:{word}", body, @class) with { ExpiresAt = expiresAt }));
}

/// <summary>Asks to reserve what an order costs.</summary>
/// <param name="OrderId">The order; with it the provider's idempotency key is made.</param>
/// <param name="Amount">How much.</param>
/// <param name="Token">How it is paid.</param>
internal sealed record PaymentRequest(OrderId OrderId, Money Amount, string Token);

/// <summary>Asks to give back what was reserved.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Reference">The provider's reference.</param>
internal sealed record PaymentRelease(OrderId OrderId, string Reference);

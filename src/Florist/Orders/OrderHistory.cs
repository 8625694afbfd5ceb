using Florist.Catalogue;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>How changes become the next state, with everything that has to be written along with it.</summary>
internal static class OrderHistory
{
    /// <summary>The name of an order's first delivery.</summary>
    public static readonly DeliveryId FirstDelivery = new("d1");

    /// <summary>The state after a change, with the rows by which couriers know what they have to do.</summary>
    public static OrderRecord Apply(
        this OrderRecord order, OrderChange change, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = change switch
        {
            OrderPlaced placed => Placed(order, placed, now),
            OrderPaid paid => Paid(order, paid, options, now),
            OrderLapsed lapsed => Lapsed(order, lapsed, now),
            OrderSoldOut gone => SoldOut(order, gone, options, now),
            OrderCancelledBy cancelled => Cancelled(order, cancelled, now),
            OrderMovedOn step => order with { State = step.To },
            TimePassed => order,
            SubstitutionMade made => Substituted(order, made.Substitution, now),
            SubstitutionAnswered answer => Answered(order, answer.Substitution, now),
            PromiseCompensated answer => PromiseSteps.Compensated(order, answer.Promise, answer.Granted, now),
            OrderAmended amended => OrderAmendments.Amended(order, amended.Change, options, now),
            AmendmentAsked asked => OrderAmendments.Asked(order, asked),
            AmendmentPaid paid => OrderAmendments.Paid(order, paid, options, now),
            AmendmentDropped dropped => OrderAmendments.Dropped(order, dropped),
            DeliveriesMoved moved => Moved(order, moved, now),
            TrackingChanged tracking => order with { Tracking = tracking.Tracking },
            PayerAsked asked => PaymentSteps.AwaitPayer(order, asked.Charge, asked.Outcome),
            PaymentCameLate late => CameLate(order, late, options, now),
            ChargeTaken taken =>
                PaymentSteps.EndCapture(order, order.Payment.Charges[taken.Charge - 1], taken.Outcome, now),
            ChargeReleased released =>
                PaymentSteps.EndRelease(order, order.Payment.Charges[released.Charge - 1], released.Outcome),
            RefundSettled settled =>
                PaymentSteps.EndRefund(order, order.Payment.Refunds[settled.Refund - 1], settled.Outcome),
            MoneyReturned returned => Returned(returned, now),
            DeliveredAnew anew => order with
            {
                Deliveries = anew.Deliveries,
                Effects = anew.Effects,
                State = anew.State,
            },
            PhoneForgotten => PhoneForgotten.Without(order),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "a change without an effect"),
        };
        next = OrderEffects.Changed(next, options, now);
        return next.With(CourierAssignments.Changes(
            (order.Deliveries, DropoffOf(order)), (next.Deliveries, DropoffOf(next)), next.Revision, next.Effects));
    }

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

    /// <summary>What is agreed with a courier about an order.</summary>
    public static DeliveryPolicy PolicyOf(OrderRecord order, OrdersOptions options) => new()
    {
        Window = new(order.Terms.WindowStartsAt, order.Terms.WindowEndsAt),
        WindowIsHard = order.Contact.Place == PlaceType.FuneralHome,
        FreshUntil = order.Terms.FreshUntil,
        AttemptsMax = options.DeliveryAttemptsMax,
        UnattendedAllowed = order.Draft.Absence.SafePlaceAllowed,
        NeighborAllowed = order.Draft.Absence.NeighbourAllowed,
    };

    private static DeliveryDropoff DropoffOf(OrderRecord order) => new()
    {
        GivenName = order.Contact.GivenName,
        FamilyName = order.Contact.FamilyName,
        Address = order.Contact.Address,
        Phone = order.Contact.Phone,
        AccessNote = order.Contact.AccessNote,
        Place = OrderWords.Of(order.Contact.Place),
        SafePlace = order.Draft.Absence.SafePlaceAllowed ? order.Draft.Absence.SafePlace : null,
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
            ExpiresAt = placed.ExpiresAt,
            CreatedAt = now,
        };
        return PaymentSteps.Ask(next, placed.Terms.Total, placed.PaymentToken, placed.ExpiresAt);
    }

    private static OrderRecord Paid(OrderRecord order, OrderPaid paid, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = PaymentSteps.Authorized(order, 1, paid.Outcome, options) with
        {
            State = OrderState.Confirmed,
            ExpiresAt = null,
            Tracking = order.Tracking.Open(now).OrBug(),
        };
        next = OrderEffects.Send(next, OrdersTopics.Confirmed, "confirmed", new OrderConfirmed(next.Facts(), now));
        return Opened(next, PolicyOf(next, options), now);
    }

    private static OrderRecord Lapsed(OrderRecord order, OrderLapsed lapsed, DateTimeOffset now)
    {
        OrderRecord next = lapsed.Declined
            ? PaymentSteps.Declined(order, 1, null)
            : PaymentSteps.GiveBack(order, RefundCause.Cancelled, null, now);
        next = next with { State = OrderState.Expired, ExpiresAt = null };
        OrderExpired news = new(next.Facts(), lapsed.DueAt ?? now, lapsed.Declined);
        return OrderEffects.Send(GiveBack(next), OrdersTopics.Expired, "expired", news);
    }

    private static OrderRecord SoldOut(
        OrderRecord order, OrderSoldOut gone, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = PaymentSteps.Authorized(order, 1, gone.Outcome, options);
        next = GiveBack(PaymentSteps.GiveBack(next, 1) with { State = OrderState.Expired, ExpiresAt = null });
        OrderExpired news = new(next.Facts(), now, Declined: false);
        return OrderEffects.Send(next, OrdersTopics.Expired, "expired", news);
    }

    // What the order has of its day, for others.
    private static OrderRecord GiveBack(OrderRecord order) =>
        OrderHolds.ReleaseOf(order.Id, (order.Draft, order.Terms), null) is { } release
            ? order.With(order.Effects.Send(release))
            : order;

    private static OrderRecord Cancelled(OrderRecord order, OrderCancelledBy cancelled, DateTimeOffset now)
    {
        bool confirmed = order.State != OrderState.PendingPayment;
        OrderRecord next = PaymentSteps.GiveBack(order, RefundCause.Cancelled, null, now) with
        {
            State = OrderState.Cancelled,
            Cancellation = cancelled.Cancellation,
            PendingChange = null,
            ExpiresAt = null,
        };
        OrderCancelled told = new(next.Facts(), now, confirmed);
        next = OrderEffects.Send(GiveBack(next), OrdersTopics.Cancelled, "cancelled", told);
        return CancelDelivery(next, cancelled.Cancellation, now);
    }

    private static OrderRecord CameLate(
        OrderRecord order, PaymentCameLate late, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = late.Outcome.Kind == PaymentKind.Done
            ? PaymentSteps.Authorized(order, late.Charge, late.Outcome, options)
            : PaymentSteps.AwaitPayer(order, late.Charge, late.Outcome);
        return PaymentSteps.GiveBack(next, late.Charge);
    }

    private static OrderRecord Substituted(OrderRecord order, Substitution made, DateTimeOffset now)
    {
        OrderRecord next = order with { Substitutions = order.Substitutions.Add(made) };
        return made.AnswerBy is not { } answerBy
            ? next
            : OrderEffects.Send(
                next,
                OrdersTopics.SubstitutionProposed,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"substitution:{made.Number}"),
                new SubstitutionProposed(
                    next.Facts(), made.Number, made.Bouquet, made.Missing, made.Instead, now, answerBy));
    }

    // Without consent there are no flowers as they were promised, so the order ends and the money goes back.
    private static OrderRecord Answered(OrderRecord order, Substitution answered, DateTimeOffset now)
    {
        OrderRecord next = order with
        {
            Substitutions = order.Substitutions.SetItem(answered.Number - 1, answered),
        };
        return answered.State == SubstitutionState.Accepted
            ? next
            : Cancelled(
                next,
                new OrderCancelledBy(new Cancellation(
                    answered.AnsweredBy ?? "service:shop", $"{answered.Missing} is missing")),
                now);
    }

    // Money back for flowers that never arrived is the end of the order; after a delivery it is not.
    private static OrderRecord Returned(MoneyReturned returned, DateTimeOffset now) => !returned.Ends
        ? returned.Order
        : OrderEffects.Send(
            GiveBack(returned.Order) with { State = OrderState.Cancelled, Cancellation = returned.Cancellation },
            OrdersTopics.Cancelled,
            "cancelled",
            new OrderCancelled(returned.Order.Facts(), now, WasConfirmed: true));

    private static OrderRecord Moved(OrderRecord order, DeliveriesMoved moved, DateTimeOffset now)
    {
        OrderRecord next = order with { Deliveries = moved.Deliveries, Effects = moved.Effects };
        if (next.CurrentDelivery is not { } current)
        {
            return next;
        }

        next = next with { State = OrderRules.StateBy(order.State, current.State) };
        if (next.State == OrderState.Completed && order.State != OrderState.Completed)
        {
            DateTimeOffset deliveredAt = current.Reached(MilestoneKind.Complete)?.At ?? now;
            next = OrderEffects.Send(
                next, OrdersTopics.Completed, "completed", new OrderCompleted(next.Facts(), deliveredAt));
        }

        return next;
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
}

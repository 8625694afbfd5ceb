using System.Collections.Immutable;
using System.Globalization;
using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>
/// Keeps the ledger of promises: looks at each after every change of the order, and says sorry in the same commit.
/// Pure.
/// </summary>
internal static class PromiseSteps
{
    /// <summary>The order with its promises as they stand now.</summary>
    public static OrderRecord Review(OrderRecord order, OrdersOptions options, DateTimeOffset now)
    {
        OrderRecord next = Given(order, now);
        for (int i = 0; i < next.Promises.Promises.Length; i++)
        {
            Promise before = next.Promises.Promises[i];
            if (before.IsSettled)
            {
                continue;
            }

            (Promise after, PromiseTell tell) = before.Kind switch
            {
                PromiseKind.Window => Window(next, before, options.Promises, now),
                PromiseKind.Stems => (Stems(next, before, now), PromiseTell.Nothing),
                _ => (Price(next, before, now), PromiseTell.Nothing),
            };
            next = Replaced(next, before, after, tell, now);
        }

        return next;
    }

    /// <summary>The order after the budget has answered.</summary>
    /// <returns>The same order for a promise that has its answer already.</returns>
    public static OrderRecord Compensated(OrderRecord order, int number, Money granted, DateTimeOffset now)
    {
        Promise before = order.Promises.Promises[number - 1];
        if (before.Compensation is not { Granted: null } asked)
        {
            return order;
        }

        // Staff may have given the money back meanwhile: then there is less left to give.
        Money left = order.Payment.Left(granted.Currency);
        Money amount = left.Minor < granted.Minor ? left : granted;
        if (PaymentSteps.Return(order, amount, RefundCause.Goodwill, null, now)
            .Failed(out _, out OrderRecord? next))
        {
            // An order with as many refunds as there can be gets no further one.
            (amount, next) = (Money.Zero(amount.Currency), order);
        }

        Promise after = before with
        {
            Compensation = asked with { Granted = amount },
            MadeGoodAt = amount.Minor > 0 ? now : null,
            ApologisedAt = before.ApologisedAt ?? now,
            LookAt = null,
        };
        return Replaced(next, before, after, PromiseTell.Broken, now);
    }

    private static OrderRecord Given(OrderRecord order, DateTimeOffset now)
    {
        if (order.State is OrderState.PendingPayment || order.CurrentDelivery is not { } delivery)
        {
            return order;
        }

        ImmutableArray<Promise> promises = order.Promises.Promises;
        ImmutableArray<Promise>.Builder given = promises.ToBuilder();
        if (!promises.Any(promise => promise.Delivery == delivery.Id))
        {
            given.Add(new Promise { Kind = PromiseKind.Window, Delivery = delivery.Id });
        }

        if (promises.IsEmpty)
        {
            given.Add(new Promise { Kind = PromiseKind.Stems });
            given.Add(new Promise { Kind = PromiseKind.Price });
        }

        for (int i = promises.Length; i < given.Count; i++)
        {
            given[i] = given[i] with { Number = i + 1, GivenAt = now };
        }

        return given.Count == promises.Length
            ? order
            : order with { Promises = order.Promises with { Promises = given.ToImmutable() } };
    }

    private static (Promise, PromiseTell) Window(
        OrderRecord order, Promise promise, PromiseOptions options, DateTimeOffset now)
    {
        ImmutableArray<DeliveryRecord> all = order.Deliveries.Deliveries;
        if (all.FirstOrDefault(one => one.Id == promise.Delivery) is not { } own
            || order.CurrentDelivery is not { } delivery)
        {
            return (promise, PromiseTell.Nothing);
        }

        // The customer may have agreed to another window. A delivery in the place of one that failed may yet keep it.
        DateTimeOffset dueAt = own.Policy.Window.Until;
        Promise next = promise with { DueAt = dueAt };
        if (order.State == OrderState.Cancelled)
        {
            // All the money is on its way back, which is more than any compensation.
            return (Ended(order, next, now), PromiseTell.Nothing);
        }

        DateTimeOffset? there = delivery.State == DeliveryState.Delivered
            ? delivery.Reached(MilestoneKind.Complete)?.At ?? now
            : PromiseRisks.AttemptedAt(own) is { } attempted && attempted <= dueAt ? attempted : null;
        if (there <= dueAt)
        {
            return (next with { KeptAt = there, BreachedAt = null, Risk = null, LookAt = null }, PromiseTell.Nothing);
        }

        next = next with { Risk = there is null ? PromiseRisks.Of(delivery, dueAt, options, now) : null };
        if (there is not null || now >= dueAt)
        {
            next = next with { BreachedAt = next.BreachedAt ?? dueAt };
        }

        next = next with
        {
            AtRiskAt = next.AtRiskAt ?? (next.Risk is null ? null : now),
            LookAt = PromiseRisks.NextLook(dueAt, options, now),
        };
        (next, PromiseTell tell) = Apologised(next, delivery, now);
        bool isOver = now >= dueAt && (delivery.State.IsTerminal() || now >= dueAt.AddMinutes(options.LongMinutes));
        return there is not null || isOver
            ? Judged(order, next, there, tell, options, now)
            : (next, tell);
    }

    // Once, as soon as it is known. Where the news of a failed delivery says it, nothing more is said.
    private static (Promise, PromiseTell) Apologised(Promise promise, DeliveryRecord delivery, DateTimeOffset now)
    {
        bool isOver = delivery.State == DeliveryState.Delivered;
        if (promise.ApologisedAt is not null || isOver || (promise.Risk is null && promise.BreachedAt is null))
        {
            return (promise, PromiseTell.Nothing);
        }

        bool isSaid = delivery.State is DeliveryState.AttemptFailed or DeliveryState.Returning
            or DeliveryState.Returned or DeliveryState.Failed;
        return (promise with { ApologisedAt = now }, isSaid ? PromiseTell.Nothing : PromiseTell.RunningLate);
    }

    // How late it is, or that it will not arrive, is known: what is that worth?
    private static (Promise, PromiseTell) Judged(
        OrderRecord order,
        Promise promise,
        DateTimeOffset? there,
        PromiseTell tell,
        PromiseOptions options,
        DateTimeOffset now)
    {
        bool failed = there is null && promise.Risk?.Cause == RiskCause.DeliveryFailed;
        if (promise.Compensation is not null || promise.BreachedAt is null)
        {
            return (promise, tell);
        }

        TimeSpan? late = failed ? null : (there ?? now) - promise.DueAt;
        Money worth = PromiseRisks.Worth(order.Terms, late, options);
        if (worth.Minor > 0)
        {
            return (promise with { Compensation = new Compensation(worth, null), LookAt = null }, tell);
        }

        // A short delay that was apologised for needs no second message.
        return (
            promise with
            {
                Compensation = new Compensation(worth, worth),
                ApologisedAt = promise.ApologisedAt ?? now,
                LookAt = null,
            },
            promise.ApologisedAt is null ? PromiseTell.Broken : tell);
    }

    private static Promise Stems(OrderRecord order, Promise promise, DateTimeOffset now)
    {
        PromiseRisk? risk = order.OpenSubstitution is null ? null : new PromiseRisk(RiskCause.StemShort);
        bool refused = order.Substitutions.Any(
            one => one.State is SubstitutionState.Declined or SubstitutionState.Lapsed);
        Promise next = promise with { Risk = risk, AtRiskAt = promise.AtRiskAt ?? (risk is null ? null : now) };
        return order.State switch
        {
            OrderState.Completed => next with { KeptAt = now },
            OrderState.Cancelled when refused => Ended(order, next with { BreachedAt = now, ApologisedAt = now }, now),
            OrderState.Cancelled => Ended(order, next, now),
            _ => next,
        };
    }

    // It is kept by construction: nothing can be taken that was not reserved.
    private static Promise Price(OrderRecord order, Promise promise, DateTimeOffset now) =>
        order.Payment.Charges.Any(charge => charge.State == ChargeState.Captured) ? promise with { KeptAt = now }
        : order.HasEnded ? Ended(order, promise, now)
        : promise;

    private static Promise Ended(OrderRecord order, Promise promise, DateTimeOffset now)
    {
        Promise next = promise with { Risk = null, LookAt = null };
        Money nothing = Money.Zero(order.Terms.Total.Currency);
        return promise.BreachedAt is null
            ? next with { WithdrawnAt = now }
            : next with
            {
                MadeGoodAt = now,
                Compensation = new Compensation(promise.Compensation?.Wanted ?? nothing, nothing),
            };
    }

    private static OrderRecord Replaced(
        OrderRecord order, Promise before, Promise after, PromiseTell tell, DateTimeOffset now)
    {
        if (before == after)
        {
            return order;
        }

        OrderRecord next = order with { Promises = order.Promises.With(after) };
        if (after.Kind == PromiseKind.Window)
        {
            next = next.With(next.Effects.Put(PromiseIndex.Row(next, after)));
        }

        if (before.Compensation is null && after.Compensation is { Granted: null, Wanted: var wanted })
        {
            PromiseCompensation body = new(
                order.Id, order.CustomerId, after.Number, wanted, Zones.Day(now, order.Terms.TimeZone));
            next = OrderEffects.Send(
                next, CompensatePromise.TopicName, Word("compensate", after.Number), body, OutboxClass.Critical);
        }

        return tell == PromiseTell.Nothing && before.IsOpen == after.IsOpen ? next : Published(next, after, tell, now);
    }

    private static OrderRecord Published(OrderRecord order, Promise promise, PromiseTell tell, DateTimeOffset now)
    {
        DeliveryRecord? delivery =
            order.Deliveries.Deliveries.FirstOrDefault(one => one.Id == promise.Delivery) ?? order.CurrentDelivery;
        long news = order.Promises.NewsCount + 1;
        PromiseChanged changed = new()
        {
            Order = order.Facts(),
            Number = promise.Number,
            News = news,
            Kind = promise.Kind,
            State = promise.State,
            IsOpen = promise.IsOpen,
            Tell = tell,
            At = now,
            Risk = promise.Risk,
            Returned = promise.MadeGoodAt is null ? null : promise.Compensation?.Granted,
            Delivery = delivery?.Id,
            DeliveryState = delivery?.State ?? DeliveryState.Pending,
            Attempt = delivery?.Attempt ?? 0,
        };
        return OrderEffects.Send(
            order with { Promises = order.Promises with { NewsCount = news } },
            OrdersTopics.PromiseChanged,
            Word("promise", news),
            changed);
    }

    private static string Word(string word, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{word}:{number}");
}

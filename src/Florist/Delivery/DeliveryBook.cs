using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>
/// The deliveries of one order, as a part of the order's state. Each method decides, and returns the next book with the
/// effects that its commit must carry; the order's grain assigns both and commits once.
/// </summary>
/// <remarks>
/// In <c>OnActivateAsync</c> the order's grain has <see cref="DeliveryMemory.Remember"/> fill in the memory.
/// The order's <c>NextDue</c> covers <see cref="NextDue"/>, and its <c>OnWake</c> calls <see cref="Wake"/>.
/// </remarks>
public sealed record DeliveryBook
{
    /// <summary>At most so many deliveries of one order, repeats included.</summary>
    public const int DeliveriesMax = 5;

    /// <summary>The order's id.</summary>
    public string OrderId { get; init; } = "";

    /// <summary>The deliveries, oldest first.</summary>
    public ImmutableArray<DeliveryRecord> Deliveries { get; init; } = [];

    /// <summary>Entries of the history so far.</summary>
    public long HistoryCount { get; init; }

    /// <summary>Events published so far; <see cref="DeliveryChanged.Number"/> of the last.</summary>
    public long ChangeCount { get; init; }

    /// <summary>The memory of events; not part of the JSON, read from child rows at activation.</summary>
    [JsonIgnore]
    public SeenEvents Seen { get; init; } = SeenEvents.None;

    /// <summary>The last entries of the history, for watchers; read and kept as <see cref="Seen"/> is.</summary>
    [JsonIgnore]
    public RecentNews News { get; init; } = RecentNews.None;

    /// <summary>When <see cref="Wake"/> has something to do; null for never.</summary>
    [JsonIgnore]
    public DateTimeOffset? NextDue => Deliveries.Select(DeliveryDues.Next).Min();

    /// <summary>One delivery; NotFound when the order has none of that id.</summary>
    public Outcome<DeliveryRecord> Find(DeliveryId id) =>
        Known(id) is { } delivery ? delivery : Fault.NotFound($"orders/{OrderId}/deliveries/{id}");

    /// <summary>Opens a delivery, pending. The caller makes repeats safe.</summary>
    /// <param name="orderId">The order, which the book keeps.</param>
    /// <param name="command">What to open.</param>
    /// <param name="now">The present.</param>
    /// <param name="effects">Effects that are not written yet; returned with this step's behind them.</param>
    /// <returns>The step; Exists for a known id; TooMany (<c>DELIVERIES_LIMIT</c>) beyond 5.</returns>
    public Outcome<DeliveryStep<DeliveryRecord>> Open(
        string orderId, OpenDelivery command, DateTimeOffset now, Effects effects)
    {
        if (Known(command.Delivery) is not null)
        {
            return Fault.Exists($"orders/{orderId}/deliveries/{command.Delivery}");
        }

        if (Deliveries.Length >= DeliveriesMax)
        {
            return Fault.TooMany("DELIVERIES_LIMIT", $"an order can have {DeliveriesMax} deliveries");
        }

        DeliveryRecord opened = new()
        {
            Id = command.Delivery,
            Policy = command.Policy,
            PreviousDelivery = command.Previous,
            LastNewsAt = now,
        };
        DeliveryBook book = this with { OrderId = orderId, Deliveries = Deliveries.Add(opened) };
        return book.Publish(opened, DeliveryChangeKind.Opened, Notices.None, now, effects).Answer(opened, true);
    }

    /// <summary>Decides a courier's report. Never a fault: a refused report is an answer too.</summary>
    /// <param name="report">The report, as it came.</param>
    /// <param name="now">The time of receipt.</param>
    /// <param name="effects">Effects that are not written yet; returned with this step's behind them.</param>
    /// <returns>The step; nothing needs to be written when it did not change anything.</returns>
    public DeliveryStep<ReportAnswer> Report(CourierReport report, DateTimeOffset now, Effects effects)
    {
        DeliveryRecord? before = Known(report.Delivery);
        DeliveryDecision decision = DeliveryRules.Decide(before, report, Seen, now);
        ReportAnswer answer = decision.ToAnswer(report.EventId);
        if (before is null || decision.After is null || (!decision.Kept && decision.After == before))
        {
            return new(this, effects, answer, false);
        }

        DeliveryRecord after = Revised(before, decision.After);
        Written written = Replace(after).Record(Entry(report, decision, now), effects, decision.Kept);
        if (decision.Change is { } change)
        {
            written = written.Book.Publish(after, change, decision.Notice, decision.OccurredAt, written.Effects);
        }

        return written.Answer(answer, true);
    }

    /// <summary>Begins a new leg. The caller makes repeats safe; see <see cref="IDeliveryGrain.Assign"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Assign(AssignDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Assign), command.By, command.Courier.Value, now, effects,
            delivery => DispatchRules.Assign(delivery, command, now));

    /// <summary>Asks a courier. The caller makes repeats safe; see <see cref="IDeliveryGrain.Offer"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Offer(OfferDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Offer), command.By, command.Courier.Value, now, effects,
            delivery => DispatchRules.Offer(delivery, command, now));

    /// <summary>Takes an offer on. The caller makes repeats safe; see <see cref="IDeliveryGrain.Accept"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Accept(AcceptOffer command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Accept), ActorOf(command.Courier), null, now, effects,
            delivery => DispatchRules.Accept(delivery, command, now));

    /// <summary>Turns an offer down. The caller makes repeats safe; see <see cref="IDeliveryGrain.Decline"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Decline(DeclineOffer command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Decline), ActorOf(command.Courier), command.Reason, now, effects,
            delivery => DispatchRules.Decline(delivery, command, now));

    /// <summary>Closes the leg. The caller makes repeats safe; see <see cref="IDeliveryGrain.Unassign"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Unassign(
        UnassignDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Unassign), command.By, command.Reason, now, effects,
            delivery => DispatchRules.Unassign(delivery, command, now));

    /// <summary>Stops it. The caller makes repeats safe; see <see cref="IDeliveryGrain.Cancel"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Cancel(CancelDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Cancel), command.By, command.Reason, now, effects,
            delivery => DispatchRules.Cancel(delivery, command, now));

    /// <summary>
    /// Calls the flowers back. The caller makes repeats safe; see <see cref="IDeliveryGrain.Recall"/>.
    /// </summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Recall(RecallDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Recall), command.By, command.Reason.ToString(), now, effects,
            delivery => DispatchRules.Recall(delivery, command, now));

    /// <summary>
    /// Orders another attempt. The caller makes repeats safe; see <see cref="IDeliveryGrain.Reattempt"/>.
    /// </summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Reattempt(
        ReattemptDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Reattempt), command.By, null, now, effects,
            delivery => DispatchRules.Reattempt(delivery, command, now));

    /// <summary>Sets what is true. The caller makes repeats safe; see <see cref="IDeliveryGrain.Reconcile"/>.</summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Reconcile(
        ReconcileDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Reconcile), command.By, command.Reason, now, effects,
            delivery => DispatchRules.Reconcile(delivery, command, now));

    /// <summary>
    /// Agrees anew about a delivery that nobody has collected: another window, another address. The courier that had
    /// taken it on had taken on something else, so its leg is closed. The caller makes repeats safe.
    /// </summary>
    public Outcome<DeliveryStep<DeliveryRecord>> Amend(AmendDelivery command, DateTimeOffset now, Effects effects) =>
        Steer(command.Delivery, nameof(Amend), new(DeliveryRole.Shop, "orders"), null, now, effects,
            delivery => DispatchRules.Amend(delivery, command, now));

    /// <summary>
    /// Does all that is due, in due order and as of the instant at which each was due: marks late and silent
    /// deliveries, and asks for missing proofs.
    /// </summary>
    /// <param name="now">The present.</param>
    /// <param name="effects">Effects that are not written yet; returned with this step's behind them.</param>
    public DeliveryStep<Done> Wake(DateTimeOffset now, Effects effects)
    {
        IEnumerable<(DeliveryRecord Revised, DeliveryDue Due)> all = Deliveries
            .Select(delivery => (Before: delivery, Step: DeliveryDues.Take(delivery, now)))
            .SelectMany(taken => taken.Step.Dues.Select(due => (Revised(taken.Before, taken.Step.After), due)))
            .OrderBy(one => one.due.At);
        Written written = new(this, effects);
        bool changed = false;
        foreach ((DeliveryRecord revised, DeliveryDue due) in all)
        {
            written = written.Book.Replace(revised)
                .Publish(revised, due.Kind, Notices.None, due.At, written.Effects);
            changed = true;
        }

        return written.Answer(Done.Value, changed);
    }

    private Outcome<DeliveryStep<DeliveryRecord>> Steer(
        DeliveryId id,
        string name,
        DeliveryActor by,
        string? reason,
        DateTimeOffset now,
        Effects effects,
        Func<DeliveryRecord, Outcome<DeliveryRecord>> decide)
    {
        if (Find(id).Failed(out Fault? missing, out DeliveryRecord? before))
        {
            return missing;
        }

        if (decide(before).Failed(out Fault? fault, out DeliveryRecord? decided))
        {
            return fault;
        }

        bool moved = decided.State != before.State;
        Notices notice = moved ? NoticeRules.For(before, decided.State, now, now) : Notices.None;
        DeliveryRecord after = Revised(
            before, decided with { LastNewsAt = now, Stalled = false, Notified = decided.Notified | notice });
        DeliveryHistoryEntry entry = new()
        {
            Delivery = id,
            At = now,
            OccurredAt = now,
            State = after.State,
            Command = name,
            By = by,
            Reason = reason,
        };
        Written recorded = Replace(after).Record(entry, effects, kept: true);
        return recorded.Book.Publish(after, DeliveryChangeKind.State, notice, now, recorded.Effects)
            .Answer(after, true);
    }

    private static DeliveryActor ActorOf(CourierId courier) => new(DeliveryRole.Courier, courier.Value);

    private DeliveryRecord? Known(DeliveryId id) => Deliveries.FirstOrDefault(delivery => delivery.Id == id);

    private DeliveryBook Replace(DeliveryRecord delivery) => this with
    {
        Deliveries = [.. Deliveries.Select(known => known.Id == delivery.Id ? delivery : known)],
    };

    // A position comes every few seconds; counting it would make every decision upon an etag a stale one.
    private static DeliveryRecord Revised(DeliveryRecord before, DeliveryRecord after) =>
        after with { Location = before.Location, LastNewsAt = before.LastNewsAt } == before
            ? after
            : after with { Revision = before.Revision + 1 };

    private static DeliveryHistoryEntry Entry(
        CourierReport report, DeliveryDecision decision, DateTimeOffset now) => new()
        {
            Delivery = report.Delivery,
            At = now,
            OccurredAt = decision.OccurredAt,
            State = decision.After?.State ?? DeliveryState.Pending,
            Report = report,
            Hash = SeenEvents.HashOf(report),
            Disposition = decision.Disposition,
            Flags = decision.Flags,
            Rule = decision.Rule,
            Reason = decision.Reason,
        };

    private Written Record(DeliveryHistoryEntry entry, Effects effects, bool kept)
    {
        if (!kept)
        {
            return new(this, effects);
        }

        DeliveryHistoryEntry numbered = entry with { Number = HistoryCount + 1 };
        SeenEvents seen = numbered.ToSeen() is { } decided ? Seen.Add(decided) : Seen;
        RecentNews news = News.Add(DeliveryNews.Of(numbered));
        return new(this with { HistoryCount = numbered.Number, Seen = seen, News = news }, effects.Append(numbered));
    }

    private Written Publish(
        DeliveryRecord delivery, DeliveryChangeKind kind, Notices notice, DateTimeOffset at, Effects effects)
    {
        long number = ChangeCount + 1;
        DeliveryChanged changed = new()
        {
            OrderId = OrderId,
            DeliveryId = delivery.Id,
            Number = number,
            Kind = kind,
            State = delivery.State,
            Notice = notice,
            OccurTime = at,
            Courier = delivery.Courier,
            Leg = delivery.Leg,
            Attempt = delivery.Attempt,
            AttemptsMax = delivery.Policy.AttemptsMax,
            Eta = delivery.Eta,
            Window = delivery.Policy.Window,
            LegOpen = delivery.LegOpen,
            LateRisk = delivery.LateRisk,
            Late = delivery.Late,
            Stalled = delivery.Stalled,
            Outcome = delivery.Outcome,
            FailureReason = delivery.FailureReason,
            Proof = delivery.Proof with { SignedBy = null },
            ReviewReason = delivery.ReviewReason,
        };
        OutboxMessage message = OutboxMessage.Of(
            DeliveryEvents.Changed, $"{DeliveryEvents.Changed}:{OrderId}:{number}", changed);
        return new(this with { ChangeCount = number }, effects.Send(message));
    }

    private sealed record Written(DeliveryBook Book, Effects Effects)
    {
        public DeliveryStep<T> Answer<T>(T answer, bool changed) => new(Book, Effects, answer, changed);
    }
}

/// <summary>The result of one step of a <see cref="DeliveryBook"/>.</summary>
/// <param name="Book">The next book.</param>
/// <param name="Effects">All effects to commit with it.</param>
/// <param name="Answer">What to answer, after the commit.</param>
/// <param name="Changed">False when there is nothing to commit.</param>
public sealed record DeliveryStep<TAnswer>(DeliveryBook Book, Effects Effects, TAnswer Answer, bool Changed);

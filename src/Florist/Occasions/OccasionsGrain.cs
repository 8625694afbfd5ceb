using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Florist.Occasions;

/// <summary>The order of steps: answered before? decide, apply, commit.</summary>
[GrainType(GrainType)]
internal sealed class OccasionsGrain(
    [PersistentState("occasions")] IPersistentState<OccasionBook> book,
    IGrainRows rows,
    IIds ids,
    TimeProvider time,
    ReminderPolicy policy,
    ILogger<OccasionsGrain> log) : Grain, IOccasionsGrain, IWakeable, IReschedulable
{
    /// <summary>Part of the storage key.</summary>
    internal const string GrainType = "occasions";

    private OccasionBook Book => book.State;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GrainId self = this.GetGrainId();
        ImmutableArray<GrainRow> occasions = await rows.Read(
            self,
            OccasionBook.OccasionRow,
            OccasionLimits.OccasionsPerCustomerMax,
            cancellationToken: cancellationToken);
        book.State = book.State with
        {
            Customer = new CustomerId(this.GetPrimaryKeyString()),
            Policy = policy,
            Answered = await Answered.Read(rows, self, cancellationToken),
            Occasions = book.State.Occasions.AddRange(occasions.Select(row =>
                KeyValuePair.Create(row.Id, FloristJson.Read<Occasion>(row.Body)))),
        };
    }

    public async Task<Outcome<OccasionView>> Add(AddOccasion command, CustomerFacts customer)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Book.Answered.Replays(command.RequestId, command, now, out Outcome<OccasionView> earlier))
        {
            return earlier;
        }

        OccasionBook current = Book.Apply(OccasionRules.Follow(Book, customer, now));
        OccasionId id = new(ids.Next());
        if (OccasionRules.Add(current, command, id, customer, now).Failed(out Fault? fault, out OccasionPut? added))
        {
            return fault;
        }

        OccasionView answer = ViewOf(added.Occasion, now);
        await Commit(current.Apply(added), command.RequestId, command, answer, now);
        OccasionsLog.Added(log, id.Value);
        return answer;
    }

    public async Task<Outcome<OccasionView>> Change(ChangeOccasion command, CustomerFacts customer)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Book.Answered.Replays(command.RequestId, command, now, out Outcome<OccasionView> earlier))
        {
            return earlier;
        }

        // What is due by the old schedule is due: a change begins a schedule that looks only forward.
        ImmutableArray<ReminderSettled> due = ReminderSchedule.Due(Book, now);
        OccasionBook current = Book.Apply(due);
        current = current.Apply(OccasionRules.Follow(current, customer, now));
        if (OccasionRules.Change(current, command, customer, now).Failed(out Fault? fault, out OccasionPut? changed))
        {
            return fault;
        }

        OccasionView answer = ViewOf(changed.Occasion, now);
        await Commit(current.Apply(changed), command.RequestId, command, answer, now);
        Tell(due);
        OccasionsLog.Changed(log, command.Id.Value);
        return answer;
    }

    public async Task<Outcome<Done>> Remove(RemoveOccasion command)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Book.Answered.Replays(command.RequestId, command, now, out Outcome<Done> earlier))
        {
            return earlier;
        }

        if (OccasionRules.Remove(Book, command).Failed(out Fault? fault, out OccasionRemoved? removed))
        {
            return fault;
        }

        await Commit(Book.Apply(removed), command.RequestId, command, Done.Value, now);
        OccasionsLog.Removed(log, command.Id.Value);
        return Done.Value;
    }

    public Task<Outcome<OccasionView>> Mute(MuteOccasion command) =>
        PutWith(command.RequestId, command, (current, now) => OccasionRules.Mute(current, command, now));

    public Task<Outcome<OccasionView>> Unmute(UnmuteOccasion command) =>
        PutWith(command.RequestId, command, (current, now) => OccasionRules.Unmute(current, command, now));

    public Task<Outcome<OccasionView>> Get(OccasionId id) => Task.FromResult<Outcome<OccasionView>>(
        Book.Find(id) is { } occasion ? ViewOf(occasion, time.GetUtcNow()) : Fault.NotFound(id.Name(Book.Customer)));

    public Task<ImmutableArray<OccasionView>> List()
    {
        DateTimeOffset now = time.GetUtcNow();
        return Task.FromResult<ImmutableArray<OccasionView>>(
            [.. Book.Occasions.Values.Select(occasion => ViewOf(occasion, now))]);
    }

    public Task<ReminderSettings> Settings() => Task.FromResult(SettingsOf(Book));

    public async Task<Outcome<ReminderSettings>> ChangeSettings(ChangeReminderSettings command)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Book.Answered.Replays(command.RequestId, command, now, out Outcome<ReminderSettings> earlier))
        {
            return earlier;
        }

        ImmutableArray<ReminderSettled> due = ReminderSchedule.Due(Book, now);
        OccasionBook current = Book.Apply(due);
        if (OccasionRules.ChangeSettings(current, command, now)
            .Failed(out Fault? fault, out ImmutableArray<IOccasionChange> changes))
        {
            return fault;
        }

        current = current.Apply(changes);
        ReminderSettings answer = SettingsOf(current);
        await Commit(current, command.RequestId, command, answer, now);
        Tell(due);
        return answer;
    }

    public Task<Page<UpcomingReminder>> Upcoming(DateTimeOffset until, PageRequest page) =>
        Task.FromResult(UpcomingReminders.Page(Book, until, page));

    public Task Follow(CustomerFacts customer)
    {
        // A customer without occasions has no zone to keep, which spares a write for each change of a profile.
        ImmutableArray<IOccasionChange> changes =
            Book.Occasions.IsEmpty ? [] : OccasionRules.Follow(Book, customer, time.GetUtcNow());
        return CommitAny(changes);
    }

    public Task RecordOrder(RecordOrder command) =>
        CommitAny(OccasionRules.RecordOrder(Book, command, time.GetUtcNow()));

    public Task ForgetOrder(OrderId order, DateOnly deliveryOn) =>
        CommitAny(OccasionRules.ForgetOrder(Book, order, deliveryOn, time.GetUtcNow()));

    public async Task Purge()
    {
        await book.ClearStateAsync();
        DeactivateOnIdle();
        OccasionsLog.Purged(log, this.GetPrimaryKeyString());
    }

    public async Task OnWake(DateTimeOffset now)
    {
        ImmutableArray<ReminderSettled> due = ReminderSchedule.Due(Book, now);
        await book.Commit(Book.Apply(due), DeactivateOnIdle);
        Tell(due);

        // A morning passes through many customers whom nobody else asks for; they must not fill the memory.
        DeactivateOnIdle();
    }

    public async Task Reschedule(DateTimeOffset wakeAt)
    {
        DeactivateOnIdle();
        bool isSame = Book.NextDue is { } due && (due - wakeAt).Duration() < TimeSpan.FromMilliseconds(1);
        if (!isSame)
        {
            // The wake-up is written with the state, and computed when it is written.
            await book.Commit(Book, DeactivateOnIdle);
        }
    }

    private async Task<Outcome<OccasionView>> PutWith<TCommand>(
        string? requestId, TCommand command, Func<OccasionBook, DateTimeOffset, Outcome<OccasionPut>> decide)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (Book.Answered.Replays(requestId, command, now, out Outcome<OccasionView> earlier))
        {
            return earlier;
        }

        if (decide(Book, now).Failed(out Fault? fault, out OccasionPut? put))
        {
            return fault;
        }

        OccasionView answer = ViewOf(put.Occasion, now);
        await Commit(Book.Apply(put), requestId, command, answer, now);
        OccasionsLog.Changed(log, put.Occasion.Id.Value);
        return answer;
    }

    private Task Commit<TCommand, TAnswer>(
        OccasionBook next, string? requestId, TCommand command, TAnswer answer, DateTimeOffset now)
    {
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(requestId, command, answer, now, ref effects);
        return book.Commit(next with { Answered = answered, Effects = effects }, DeactivateOnIdle);
    }

    private Task CommitAny(ImmutableArray<IOccasionChange> changes) =>
        changes.IsEmpty ? Task.CompletedTask : book.Commit(Book.Apply(changes), DeactivateOnIdle);

    private void Tell(ImmutableArray<ReminderSettled> settled)
    {
        foreach (ReminderSettled step in settled)
        {
            OccasionsMeter.Settled(step);
            if (step.Skipped is { } reason)
            {
                OccasionsLog.Skipped(log, step.Step.Occasion.Value, step.Step.Date, step.Step.LeadDays, reason);
            }
            else
            {
                OccasionsLog.Reminded(log, step.Step.Occasion.Value, step.Step.Date, step.Step.LeadDays);
            }
        }
    }

    private OccasionView ViewOf(Occasion occasion, DateTimeOffset now)
    {
        DateOnly today = Zones.Day(now, occasion.Details.TimeZone ?? Book.TimeZone);
        return new OccasionView(occasion, Occurrences.Next(occasion.Details.Day, today));
    }

    private static ReminderSettings SettingsOf(OccasionBook book) => new(book.LeadDays, book.SettingsRevision);
}

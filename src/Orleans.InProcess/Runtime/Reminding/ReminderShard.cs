using System.Collections.Immutable;
using System.Globalization;

namespace Orleans.Runtime;

/// <summary>Keeps the reminders of a share of the grains, and ticks them.</summary>
internal interface IReminderShard : IGrainWithStringKey
{
    Task Wake();

    Task Register(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period);

    Task Unregister(GrainId grainId, string name);

    Task<ImmutableArray<string>> Names(GrainId grainId);
}

/// <summary>A reminder as it is stored: when it is first due, UTC, and how often it comes.</summary>
internal sealed record StoredReminder
{
    public string Grain { get; init; } = string.Empty;

    public string Name { get; init; } = string.Empty;

    public DateTimeOffset FirstDue { get; init; }

    public TimeSpan Period { get; init; }

    /// <summary>The first instant after another that is a whole number of periods from the first.</summary>
    internal DateTimeOffset NextAfter(DateTimeOffset instant) => instant < FirstDue
        ? FirstDue
        : FirstDue + (Period * (Math.Floor((instant - FirstDue) / Period) + 1));
}

/// <summary>All reminders of a shard.</summary>
internal sealed record ReminderBook
{
    public ImmutableArray<StoredReminder> Reminders { get; init; } = [];
}

/// <summary>
/// Only registering and unregistering write. The next tick follows from the first and the period, so that ticks missed
/// while the process was down are one tick, soon after the start.
/// </summary>
[GrainType("orleans.reminders")]
internal sealed class ReminderShard(
    [PersistentState("reminders", Reminders.StorageName)] IPersistentState<ReminderBook> book)
    : Grain, IReminderShard
{
    private readonly Dictionary<StoredReminder, DateTimeOffset> next = [];
    private IGrainTimer? timer;

    private Activation Owner => (Activation)GrainContext;

    private DateTimeOffset Now => Owner.Host.Scheduler.Clock.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        DelayDeactivation(TimeSpan.MaxValue);
        foreach (StoredReminder reminder in book.State.Reminders)
        {
            // What was due while nobody ran is due now, once.
            next[reminder] = reminder.FirstDue <= Now ? Now : reminder.FirstDue;
        }

        timer = this.RegisterGrainTimer(
            Tick,
            new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        Arm();
        return Task.CompletedTask;
    }

    public Task Wake() => Task.CompletedTask;

    public async Task Register(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period)
    {
        StoredReminder reminder = new()
        {
            Grain = grainId.ToString(),
            Name = name,
            FirstDue = Now + dueTime,
            Period = period,
        };
        await Replace(reminder.Grain, name, reminder);
    }

    public Task Unregister(GrainId grainId, string name) => Replace(grainId.ToString(), name, null);

    public Task<ImmutableArray<string>> Names(GrainId grainId)
    {
        string grain = grainId.ToString();
        ImmutableArray<string> names =
        [
            .. book.State.Reminders.Where(r => r.Grain == grain).Select(r => r.Name).Order(StringComparer.Ordinal),
        ];
        return Task.FromResult(names);
    }

    internal static string KeyOf(int shard) => shard.ToString(CultureInfo.InvariantCulture);

    private async Task Replace(string grain, string name, StoredReminder? replacement)
    {
        StoredReminder? old = book.State.Reminders.FirstOrDefault(r => r.Grain == grain && r.Name == name);
        ImmutableArray<StoredReminder> others = old is null ? book.State.Reminders : book.State.Reminders.Remove(old);
        book.State = new ReminderBook { Reminders = replacement is null ? others : others.Add(replacement) };
        try
        {
            await book.WriteStateAsync();
        }
        catch (Exception)
        {
            // What is in memory may not be what is stored: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }

        if (old is not null)
        {
            next.Remove(old);
        }

        if (replacement is not null)
        {
            next[replacement] = replacement.FirstDue;
        }

        Arm();
    }

    private Task Tick(CancellationToken cancellation)
    {
        DateTimeOffset now = Now;
        StoredReminder[] due = [.. next.Where(n => n.Value <= now).Select(n => n.Key).OrderBy(r => r.Grain + r.Name)];
        foreach (StoredReminder reminder in due)
        {
            next[reminder] = reminder.NextAfter(now);

            // Not awaited: a slow grain must not delay the ticks of others.
            _ = Deliver(reminder, now);
        }

        Arm();
        return Task.CompletedTask;
    }

    private async Task Deliver(StoredReminder reminder, DateTimeOffset now)
    {
        var grainId = GrainId.Parse(reminder.Grain);
        try
        {
            await GrainFactory.GetGrain<IRemindable>(grainId).ReceiveReminder(
                reminder.Name,
                new TickStatus(reminder.FirstDue.UtcDateTime, reminder.Period, now.UtcDateTime));
        }
        catch (Exception failure)
        {
            // A tick may be lost; the next one comes with the period.
            GrainLog.ReminderFailed(Owner.Host.Log, grainId, reminder.Name, failure);
        }
    }

    private void Arm()
    {
        DateTimeOffset? first = next.Count == 0 ? null : next.Values.Min();
        TimeSpan wait = first is null ? Timeout.InfiniteTimeSpan : first.Value - Now;
        TimeSpan longest = TimeSpan.FromDays(40);
        if (wait != Timeout.InfiniteTimeSpan)
        {
            wait = wait < TimeSpan.Zero ? TimeSpan.Zero : wait > longest ? longest : wait;
        }

        timer?.Change(wait, Timeout.InfiniteTimeSpan);
    }
}

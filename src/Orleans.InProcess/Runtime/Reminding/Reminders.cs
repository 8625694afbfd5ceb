using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>
/// The reminders of one grain. They are kept by a shard, itself a grain, in the storage named "Reminders".
/// </summary>
internal sealed class Reminders
{
    internal const string StorageName = "Reminders";

    internal const int ShardsCount = 16;

    private static readonly TimeSpan PeriodMin = TimeSpan.FromMinutes(1);

    private readonly GrainId grainId;
    private readonly IReminderShard shard;

    private Reminders(Activation owner)
    {
        grainId = owner.GrainId;
        shard = owner.Host.Grains.GetGrain<IReminderShard>(ReminderShard.KeyOf(ShardOf(grainId.ToString())));
    }

    /// <exception cref="InvalidOperationException">
    /// The grain cannot be reminded, or nothing stores reminders.
    /// </exception>
    internal static Reminders Of(IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        if (grain is not IRemindable)
        {
            throw new InvalidOperationException($"{grain.GetType()} does not implement IRemindable");
        }

        Activation owner = grain.GrainContext as Activation
            ?? throw new InvalidOperationException($"{grain.GetType()} does not belong to this host");
        return AreStored(owner.Host)
            ? new Reminders(owner)
            : throw new InvalidOperationException($"no grain storage is registered as '{StorageName}'");
    }

    internal static bool AreStored(GrainHost host) =>
        host.Services.GetKeyedService<IGrainStorage>(StorageName) is not null;

    /// <summary>Ticks go on after a restart because every shard is woken.</summary>
    internal static async Task Resume(GrainHost host)
    {
        if (AreStored(host))
        {
            await Task.WhenAll(Enumerable.Range(0, ShardsCount)
                .Select(i => host.Grains.GetGrain<IReminderShard>(ReminderShard.KeyOf(i)).Wake()));
        }
    }

    internal async Task<IGrainReminder> Register(string name, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(period, PeriodMin);
        await shard.Register(grainId, name, dueTime, period);
        return new GrainReminder(name);
    }

    internal Task Unregister(IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        return shard.Unregister(grainId, reminder.ReminderName);
    }

    internal async Task<IGrainReminder?> Get(string name) => (await List()).Find(r => r.ReminderName == name);

    internal async Task<List<IGrainReminder>> List() =>
        [.. (await shard.Names(grainId)).Select(name => new GrainReminder(name))];

    /// <summary>The same in every process and for ever: a shard that moved would lose its reminders.</summary>
    private static int ShardOf(string text)
    {
        uint hash = 2166136261;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)(hash % ShardsCount);
    }
}

/// <summary>A reminder as grains see it.</summary>
internal sealed record GrainReminder(string ReminderName) : IGrainReminder;

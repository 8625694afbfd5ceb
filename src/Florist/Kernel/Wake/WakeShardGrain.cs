using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>
/// Wakes the grains of one of the shards of a cluster. Key: the shard, <c>0</c> to <c>63</c>. Not used where one
/// process owns the database.
/// </summary>
public interface IWakeShardGrain : IGrainWithStringKey
{
    /// <summary>Begins, and sees to it that somebody always goes on. Safe to repeat.</summary>
    Task Start();
}

/// <summary>
/// Looks at its shard every second. Its reminder only brings it back to life after its process died; the truth is the
/// wake rows, so a tick that is lost or doubled is of no matter.
/// </summary>
[GrainType("wake-shard")]
internal sealed class WakeShardGrain(
    WakeShard shard, TimeProvider time, IOptions<EngineOptions> options) : Grain, IWakeShardGrain, IRemindable
{
    private const string ReminderName = "alive";

    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollPeriod = TimeSpan.FromSeconds(1);

    // Few shards have much to do at once, and all of them together may have more under way than one process would.
    private const int BusyShards = 16;

    private readonly long activatedAt = TimeProvider.System.GetTimestamp();

    private int Number => int.Parse(this.GetPrimaryKeyString(), System.Globalization.CultureInfo.InvariantCulture);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(Number, IWakeTable.Shards);
        this.RegisterGrainTimer(Poll, new GrainTimerCreationOptions(TimeSpan.Zero, PollPeriod) { KeepAlive = true });
        return Task.CompletedTask;
    }

    public async Task Start() => await this.RegisterOrUpdateReminder(ReminderName, ReminderPeriod, ReminderPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    private Task Poll(CancellationToken cancellationToken)
    {
        // Slow start, as everywhere after a stop, each shard with its part of what may be under way in all.
        int atOnce = Share.Warm(
            TimeProvider.System.GetElapsedTime(activatedAt), options.Value, Environment.ProcessorCount);
        return shard.Run(Number, time.GetUtcNow(), Math.Max(1, atOnce / BusyShards), cancellationToken);
    }
}

using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;

namespace Orleans.InProcess.Tests;

/// <summary>Contract 8: reminders.</summary>
public sealed class ReminderShardTests : IAsyncDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly MemoryGrainStorage reminders = new();
    private readonly GrainTestHost host;

    public ReminderShardTests()
    {
        host = Make();
    }

    private IRemindedGrain Grain => host.Grains.GetGrain<IRemindedGrain>("r");

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public void A_reminder_ticks_when_due_and_every_period_though_the_grain_is_collected_in_between()
    {
        host.Run(() => Grain.Remind("water", Hour, Hour * 2));
        host.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(host.Probe.Notes);

        host.Advance(Hour * 4);
        Assert.Equal(["water 10:00", "water 12:00"], host.Probe.Notes);
    }

    [Fact]
    public void A_reminder_survives_the_process_and_missed_ticks_are_one()
    {
        host.Run(() => Grain.Remind("water", Hour, Hour));
        host.Run(() => host.Host.StopAsync(CancellationToken.None));

        GrainTestHost later = Make();
        later.Advance(TimeSpan.FromHours(5.5));
        later.Run(() => later.Host.StartAsync(CancellationToken.None));
        later.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(["water 14:30"], later.Probe.Notes);

        later.Advance(Hour);
        Assert.Equal(["water 14:30", "water 15:00"], later.Probe.Notes);
    }

    [Fact]
    public void An_unregistered_reminder_is_silent()
    {
        host.Run(() => Grain.Remind("water", Hour, Hour));
        host.Run(() => Grain.Remind("feed", Hour, Hour));
        host.Run(() => Grain.Forget("water"));
        host.Advance(TimeSpan.FromMinutes(90));

        Assert.Equal(["feed 10:00"], host.Probe.Notes);
        Assert.Equal("feed", host.Run(Grain.List));
        Assert.False(host.Run(() => Grain.Knows("water")));
        Assert.True(host.Run(() => Grain.Knows("feed")));
    }

    [Fact]
    public void Registering_again_gives_other_times()
    {
        host.Run(() => Grain.Remind("water", Hour, Hour));
        host.Run(() => Grain.Remind("water", Hour * 3, Hour));
        host.Advance(Hour * 3.5);
        Assert.Equal(["water 12:00"], host.Probe.Notes);
    }

    [Fact]
    public void A_tick_that_fails_does_not_end_the_reminder()
    {
        host.Run(() => Grain.Remind("water", Hour, Hour));
        host.Probe.Tell("fail");
        host.Advance(Hour * 2.5);
        Assert.Equal(2, host.Probe.Notes.Count);
    }

    [Theory]
    [InlineData(0, 59)]
    [InlineData(-1, 60)]
    public void A_period_under_a_minute_and_a_due_time_in_the_past_are_refused(int dueSeconds, int periodSeconds)
    {
        Assert.ThrowsAny<ArgumentException>(() => host.Run(() =>
            Grain.Remind("water", TimeSpan.FromSeconds(dueSeconds), TimeSpan.FromSeconds(periodSeconds))));
    }

    [Fact]
    public async Task Without_a_storage_for_reminders_registering_says_so()
    {
        await using GrainTestHost bare = new();
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() =>
            bare.Run(() => bare.Grains.GetGrain<IRemindedGrain>("r").Remind("water", Hour, Hour)));
        Assert.Contains("'Reminders'", failure.Message, StringComparison.Ordinal);
    }

    private GrainTestHost Make() => new(silo: silo => silo.Services.AddGrainStorage("Reminders", (_, _) => reminders));
}

public interface IRemindedGrain : IGrainWithStringKey
{
    Task Remind(string name, TimeSpan due, TimeSpan period);

    Task Forget(string name);

    Task<bool> Knows(string name);

    Task<string> List();
}

[GrainType("reminded")]
internal sealed class RemindedGrain(Probe probe) : Grain, IRemindedGrain, IRemindable
{
    public Task Remind(string name, TimeSpan due, TimeSpan period) => this.RegisterOrUpdateReminder(name, due, period);

    public async Task Forget(string name)
    {
        IGrainReminder? reminder = await this.GetReminder(name);
        Assert.NotNull(reminder);
        await this.UnregisterReminder(reminder);
    }

    public async Task<bool> Knows(string name) => await this.GetReminder(name) is not null;

    public async Task<string> List() => string.Join(',', (await this.GetReminders()).Select(r => r.ReminderName));

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Note($"{reminderName} {status.CurrentTickTime:HH:mm}");
        return probe.IsTold("fail") ? throw new InvalidOperationException("dry") : Task.CompletedTask;
    }
}

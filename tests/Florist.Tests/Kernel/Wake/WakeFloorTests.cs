using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Florist.Tests.Kernel.Wake;

public sealed class WakeFloorTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly MachineTime machine = new();
    private readonly WakeFloor floor;

    public WakeFloorTests()
    {
        floor = new WakeFloor(machine);
    }

    [Fact]
    public void The_first_look_is_at_everything_and_the_next_begins_shortly_before_it()
    {
        Assert.Equal(DateTimeOffset.MinValue, floor.From(Now));

        Look(Now);

        Assert.Equal(Now.AddSeconds(-30), floor.From(Now.AddSeconds(1)));
    }

    [Fact]
    public void What_is_still_there_is_found_again()
    {
        Look(Now, Row(Now.AddHours(-2)), Row(Now));

        Assert.Equal(Now.AddHours(-2).AddSeconds(-30), floor.From(Now.AddSeconds(1)));
    }

    [Fact]
    public void What_is_ready_only_later_does_not_raise_it_beyond_the_present()
    {
        Look(Now, Row(Now.AddMinutes(9)));

        Assert.Equal(Now.AddSeconds(-30), floor.From(Now.AddSeconds(1)));
    }

    [Fact]
    public void Everything_is_looked_through_every_five_minutes_and_whenever_the_clock_was_set_back()
    {
        Look(Now);
        machine.Advance(WakeFloor.WholeEvery - TimeSpan.FromTicks(1));
        Look(Now.AddMinutes(5));
        Assert.NotEqual(DateTimeOffset.MinValue, floor.From(Now.AddMinutes(5)));
        Assert.Equal(DateTimeOffset.MinValue, floor.From(Now.AddMinutes(4)));

        machine.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(DateTimeOffset.MinValue, floor.From(Now.AddMinutes(5)));
    }

    [Fact]
    public async Task A_look_leaves_out_what_lies_before_its_beginning()
    {
        await using TestShop shop = await TestShop.Start(services => services.AddSingleton<Engine.ProbeFailures>());
        DateTimeOffset now = shop.Time.GetUtcNow();
        await shop.Grain<Engine.IProbeGrain>("early").Set(new Engine.ProbeCommand { Due = now.AddMinutes(-2) });
        await shop.Grain<Engine.IProbeGrain>("late").Set(new Engine.ProbeCommand { Due = now.AddMinutes(-1) });
        IWakeTable table = shop.Get<IWakeTable>();
        WakeQuery query = new(WakeClass.Notice, now, 10);

        Assert.Equal(["probe/early", "probe/late"], await Found(table, query));
        Assert.Equal(["probe/late"], await Found(table, query with { From = now.AddMinutes(-1) }));
        ImmutableArray<WakeRow> shards = [];
        for (int shard = 0; shard < IWakeTable.Shards; shard++)
        {
            shards = shards.AddRange(await table.Due(
                query with { From = now.AddMinutes(-1), Shard = shard }, CancellationToken.None));
        }

        Assert.Equal(["probe/late"], shards.Select(row => row.Grain.ToString()));
    }

    private static async Task<IEnumerable<string>> Found(IWakeTable table, WakeQuery query) =>
        (await table.Due(query, CancellationToken.None)).Select(row => row.Grain.ToString());

    private static WakeRow Row(DateTimeOffset at) => new(GrainId.Create("probe", "p"), at, WakeClass.Notice, 0, at);

    private void Look(DateTimeOffset now, params ImmutableArray<WakeRow> found) => floor.Looked(
        new WakeQuery(WakeClass.Notice, now, 10) { From = floor.From(now) }, now, found);

    private sealed class MachineTime : TimeProvider
    {
        private long ticks = TimeSpan.TicksPerDay;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan by) => ticks += by.Ticks;
    }
}

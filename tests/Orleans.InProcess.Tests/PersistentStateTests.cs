using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.InProcess.Tests;

/// <summary>Contracts 6, 7, 10 and 11: versions, clearing, chained writes and initial values.</summary>
public sealed class PersistentStateTests : IAsyncDisposable
{
    private static readonly GrainId Id = GrainId.Create("purse", "p");

    private readonly GrainTestHost host = new(silo: silo =>
    {
        silo.Services.AddGrainStorage("Default", (_, _) => new MemoryGrainStorage());
    });

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private IPurseGrain Purse => host.Grains.GetGrain<IPurseGrain>("p");

    [Fact]
    public void Without_a_record_the_state_is_what_the_constructor_makes()
    {
        Assert.Equal("False - nobody False", host.Run(Purse.Record));
        Assert.Equal(0, host.Storage.Writes);
    }

    [Fact]
    public void The_version_changes_on_every_write()
    {
        host.Run(() => Purse.Put(1));
        string first = host.Run(Purse.Record);
        host.Run(() => Purse.Put(1));
        string second = host.Run(Purse.Record);

        Assert.StartsWith("True ", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void A_written_state_survives_its_activation()
    {
        host.Run(() => Purse.Put(5));
        host.Advance(TimeSpan.FromHours(1));
        Assert.Equal(5, host.Run(Purse.PeekLoaded));
    }

    [Fact]
    public void Clearing_brings_the_initial_state_back_also_before_a_first_write()
    {
        host.Run(Purse.Clear);
        host.Run(() => Purse.Put(5));
        host.Run(Purse.Clear);

        Assert.Equal("False - nobody False", host.Run(Purse.Record));
        Assert.Equal(0, host.Run(Purse.Peek));
        Assert.Equal(2, host.Run(() => Purse.Put(2)));
    }

    [Fact]
    public void Reading_again_takes_what_somebody_else_wrote()
    {
        host.Run(() => Purse.Put(1));
        host.Storage.Overwrite("purse", Id, new Purse { Coins = 9 });
        host.Run(Purse.Reload);
        Assert.Equal(10, host.Run(() => Purse.Put(1)));
    }

    [Fact]
    public void A_write_takes_the_state_as_it_is_when_it_begins_and_those_not_begun_share_one()
    {
        Assert.Equal(4, host.Run(() => Purse.PutTwiceAtOnce(4)));
        Assert.Equal(1, host.Storage.Writes);
        Assert.Equal(4, host.Storage.Stored<Purse>("purse", Id)?.Coins);
    }

    [Fact]
    public void Writes_of_one_state_never_overlap_and_the_last_one_has_it_all()
    {
        int inside = 0;
        int most = 0;
        host.Storage.Before = async operation =>
        {
            if (operation != "write")
            {
                return;
            }

            most = Math.Max(most, ++inside);
            await Task.Yield();
            await Task.Yield();
            inside--;
        };

        Assert.Equal(30, host.Run(() => Purse.WriteMany(30)));
        Assert.Equal(1, most);
        Assert.InRange(host.Storage.Writes, 2, 29);
        Assert.Equal(30, host.Storage.Stored<Purse>("purse", Id)?.Coins);
    }

    [Fact]
    public void A_write_that_fails_fails_the_call_and_the_next_write_is_tried()
    {
        host.Storage.Before = operation =>
            operation == "write" ? throw new IOException("disk full") : Task.CompletedTask;
        OrleansException failure = Assert.Throws<OrleansException>(() => host.Run(() => Purse.Put(1)));
        Assert.IsType<IOException>(failure.InnerException);

        host.Storage.Before = _ => Task.CompletedTask;
        Assert.Equal(2, host.Run(() => Purse.Put(1)));
    }

    [Fact]
    public void Two_states_of_a_grain_are_written_one_without_the_other()
    {
        int writes = 0;
        host.Storage.Before = operation => operation == "write" && ++writes == 2
            ? throw new IOException("disk full")
            : Task.CompletedTask;
        Assert.Throws<OrleansException>(() => host.Run(() => Purse.PutInBoth(3)));

        Assert.Equal(3, host.Storage.Stored<Purse>("purse", Id)?.Coins);
        Assert.Null(host.Storage.Stored<Purse>("other", Id));
        host.Run(() => Purse.PutInBoth(4));
        Assert.Equal("both", host.Run(Purse.OwnerOfOther));
    }

    [Fact]
    public async Task The_state_can_only_be_used_in_the_turns_of_its_grain()
    {
        await using GrainTestHost pooled = new(scheduler: new PoolScheduler());
        string outcome = await pooled.Grains.GetGrain<IPurseGrain>("p").UseStateElsewhere();
        Assert.Equal(nameof(InvalidOperationException), outcome);
    }

    [Fact]
    public void The_state_is_never_null()
    {
        Assert.Throws<ArgumentNullException>(() => host.Run(Purse.SetNull));
        Assert.Equal(0, host.Run(Purse.Peek));
    }

    [Fact]
    public void A_state_without_a_public_constructor_begins_as_an_uninitialised_object()
    {
        Assert.Equal("none 0", host.Run(host.Grains.GetGrain<IOddStateGrain>("o").Describe));
    }

    [Fact]
    public void A_storage_that_is_not_registered_is_named()
    {
        OrleansException failure = Assert.Throws<OrleansException>(
            () => host.Run(host.Grains.GetGrain<INoStorageGrain>("n").ClassName));
        Assert.Contains("'attic'", failure.Message, StringComparison.Ordinal);
    }
}

public sealed class OddState
{
    private OddState(string text) => Text = text;

    public string? Text { get; set; }

    public int Number { get; set; } = 5;
}

public interface IOddStateGrain : IGrainWithStringKey
{
    Task<string> Describe();
}

[GrainType("odd")]
internal sealed class OddStateGrain([PersistentState("odd")] IPersistentState<OddState> odd) : Grain, IOddStateGrain
{
    public Task<string> Describe() => Task.FromResult($"{odd.State.Text ?? "none"} {odd.State.Number}");
}

public interface INoStorageGrain : INamed;

[GrainType("nostorage")]
internal sealed class NoStorageGrain([PersistentState("x", "attic")] IPersistentState<Purse> purse)
    : Grain, INoStorageGrain
{
    public Task<string> ClassName() => Task.FromResult($"{purse.State.Coins}");
}

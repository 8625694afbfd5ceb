using System.Collections.Immutable;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess.Tests;

/// <summary>Fault injection: what a cluster does rarely, done on purpose.</summary>
public sealed class ChaosTests
{
    [Fact]
    public async Task A_lost_reply_is_a_timeout_after_the_effect()
    {
        await using GrainTestHost host = new(options => options.Chaos.LoseReply = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Task<int> put = host.Begin(() => purse.Put(1));
        Assert.Equal(1, host.Storage.Writes);
        Assert.False(put.IsCompleted);

        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Value(put));
    }

    [Fact]
    public async Task A_dropped_activation_loses_its_memory_but_not_its_state()
    {
        await using GrainTestHost host = new(options => options.Chaos.DropActivation = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Assert.Equal([1, 2, 3], Enumerable.Range(0, 3).Select(_ => host.Run(() => purse.Put(1))));
        Assert.Equal(3, host.Probe.Count("activate p"));
    }

    [Fact]
    public async Task An_injected_conflict_writes_nothing_and_drops_the_activation()
    {
        await using GrainTestHost host = new(options => options.Chaos.Conflict = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Assert.Throws<InconsistentStateException>(() => host.Run(() => purse.Put(1)));
        Assert.Equal(0, host.Storage.Writes);
        host.Settle();
        Assert.Equal(0, host.Host.Directory.Count);
    }

    [Fact]
    public async Task A_write_whose_answer_is_lost_is_stored_and_fails_for_the_grain()
    {
        await using GrainTestHost host = new(options => options.Chaos.LoseWriteAnswer = 1);
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");

        Assert.Throws<OrleansException>(() => host.Run(() => purse.Put(1)));
        Assert.Equal(1, host.Storage.Stored<Purse>("purse", GrainId.Create("purse", "p"))?.Coins);

        // The grain knows nothing of the new version, so that its next write is a conflict.
        Assert.Throws<InconsistentStateException>(() => host.Run(() => purse.Put(1)));
    }

    [Fact]
    public async Task Of_two_activations_one_writes_and_the_other_meets_a_conflict_and_is_dropped()
    {
        await using GrainTestHost host = new();
        IPurseGrain purse = host.Grains.GetGrain<IPurseGrain>("p");
        host.Run(() => purse.Put(1));
        host.Host.Options.Chaos.SecondActivation = 1;
        Assert.Equal(1, host.Run(purse.PeekLoaded));
        host.Host.Options.Chaos.SecondActivation = 0;
        Assert.Equal(2, host.Host.Directory.Count);

        Assert.Equal(11, host.Run(() => purse.Put(10)));
        host.Host.Options.Chaos.SecondActivation = 1;
        Assert.Equal(1, host.Run(purse.Peek));
        Assert.Throws<InconsistentStateException>(() => host.Run(() => purse.Put(100)));
        host.Settle();
        Assert.Equal(1, host.Host.Directory.Count);
        Assert.Contains("deactivate p ApplicationError", host.Probe.Notes);

        // The next second activation reads what the first one wrote.
        Assert.Equal(111, host.Run(() => purse.Put(100)));
        Assert.Equal(111, host.Storage.Stored<Purse>("purse", GrainId.Create("purse", "p"))?.Coins);
    }

    [Fact]
    public async Task A_stream_stays_with_the_activation_that_opened_it()
    {
        await using GrainTestHost host = new(options => options.Chaos.SecondActivation = 0.5);
        int seen = 0;
        host.Run(async () =>
        {
            await foreach (int _ in host.Grains.GetGrain<IFeedGrain>("f").Count(1000, yielding: true))
            {
                seen++;
            }
        });
        Assert.Equal(1000, seen);
    }

    [Fact]
    public async Task Shuffled_mailboxes_mix_callers_and_keep_the_order_of_each()
    {
        await using GrainTestHost host = new(options => options.Chaos.ShuffleMailboxes = true);
        ITurnGrain grain = host.Grains.GetGrain<ITurnGrain>("a");
        Task blocked = host.Begin(() => grain.Wait("first"));
        Task[] callers =
        [
            .. Enumerable.Range(0, 8).Select(caller => host.Begin(() => Task.WhenAll(
                Enumerable.Range(0, 8).Select(i => Send(grain, $"{caller}.{i}"))))),
        ];
        foreach (string gate in Enumerable.Range(0, 64).Select(i => $"{i / 8}.{i % 8}").Append("first"))
        {
            host.Probe.Open(gate);
        }

        host.Settle();
        GrainTestHost.Ended(blocked);
        Assert.All(callers, GrainTestHost.Ended);
        string[] begun = [.. host.Probe.Notes.Where(n => n.StartsWith("begin", StringComparison.Ordinal)).Skip(1)];
        Assert.Equal(64, begun.Length);
        Assert.NotEqual(begun.Order(StringComparer.Ordinal), begun);
        Assert.All(begun.GroupBy(n => n[6]), own => Assert.Equal(own.Order(StringComparer.Ordinal), own));

        // Not an async method: all calls of a caller are made in the one flow that it is.
        static Task Send(ITurnGrain grain, string gate) => grain.Wait(gate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4711)]
    public void The_same_seed_gives_the_same_faults(int seed)
    {
        Assert.Equal(Paranoid(seed), Paranoid(seed));
        Assert.NotEqual(Paranoid(seed), Paranoid(seed + 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Conflicts_at_a_tenth_of_all_writes_lose_no_update_when_commands_are_evaluated_anew(int seed)
    {
        await using GrainTestHost host = new(
            options =>
            {
                options.Chaos.Seed = seed;
                options.Chaos.Conflict = 0.1;
            },
            seed: seed);
        int conflicts = 0;
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 400).Select(async i =>
        {
            while (true)
            {
                try
                {
                    await host.Grains.GetGrain<IPurseGrain>($"p{i % 4}").Put(i);
                    return;
                }
                catch (InconsistentStateException)
                {
                    conflicts++;
                }
            }
        })));
        host.Advance(TimeSpan.FromMinutes(1));
        GrainTestHost.Ended(all);

        Assert.InRange(conflicts, 10, 200);
        Assert.Equal(
            Enumerable.Range(0, 400).Sum(),
            Enumerable.Range(0, 4)
                .Sum(i => host.Storage.Stored<Purse>("purse", GrainId.Create("purse", $"p{i}"))?.Coins));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task Whatever_fails_at_once_an_operation_with_an_id_takes_effect_exactly_once(int seed)
    {
        await using GrainTestHost host = new(options => options.Chaos.BeParanoid(seed), seed: seed);
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            while (!await Deposits(host, i))
            {
                await Task.Delay(TimeSpan.FromSeconds(1), host.Simulation.Clock);
            }
        })));
        host.Advance(TimeSpan.FromHours(12));
        GrainTestHost.Ended(all);

        for (int account = 0; account < 5; account++)
        {
            Account? stored = host.Storage.Stored<Account>("account", GrainId.Create("account", $"a{account}"));
            Assert.Equal(Enumerable.Range(0, 60).Select(i => (i * 5) + account).Order(), stored?.Deposits.Order());
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public async Task No_coin_is_lost_or_made_whatever_fails(int seed)
    {
        await using GrainTestHost host = new(
            options =>
            {
                options.Chaos.Seed = seed;
                options.Chaos.DropActivation = 0.2;
                options.Chaos.LoseReply = 0.1;
                options.Chaos.Conflict = 0.1;
            },
            seed: seed);
        int sure = 0;
        int unknown = 0;
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            try
            {
                await host.Grains.GetGrain<IPayerGrain>($"payer{i % 7}").Pay("p", 1);
                sure++;
            }
            catch (InconsistentStateException)
            {
                // Refused for certain: nothing was written.
            }
            catch (TimeoutException)
            {
                unknown++;
            }
        })));
        host.Advance(TimeSpan.FromHours(2));
        GrainTestHost.Ended(all);

        int coins = host.Storage.Stored<Purse>("purse", GrainId.Create("purse", "p"))?.Coins ?? 0;
        Assert.InRange(coins, sure, sure + unknown);
        Assert.InRange(unknown, 1, 299);
    }

    private static async Task<bool> Deposits(GrainTestHost host, int id)
    {
        try
        {
            await host.Grains.GetGrain<IAccountGrain>($"a{id % 5}").Deposit(id);
            return true;
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            return false;
        }
    }

    private static string Paranoid(int seed)
    {
        GrainTestHost host = new(options => options.Chaos.BeParanoid(seed), seed: seed);
        Task all = host.Begin(() => Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
            host.Probe.Note($"{i} {await Deposits(host, i)} {host.Now:HH:mm:ss}"))));
        host.Advance(TimeSpan.FromHours(1));
        GrainTestHost.Ended(all);
        return $"{string.Join('\n', host.Probe.Notes)} {host.Simulation.Steps} {host.Storage.Writes}";
    }
}

/// <summary>The ids of its deposits; one that is repeated is one.</summary>
public sealed record Account
{
    public ImmutableArray<int> Deposits { get; init; } = [];
}

public interface IAccountGrain : IGrainWithStringKey
{
    Task Deposit(int id);
}

[GrainType("account")]
internal sealed class AccountGrain([PersistentState("account", "memory")] IPersistentState<Account> account)
    : Grain, IAccountGrain
{
    public async Task Deposit(int id)
    {
        if (account.State.Deposits.Contains(id))
        {
            return;
        }

        account.State = new Account { Deposits = account.State.Deposits.Add(id) };
        try
        {
            await account.WriteStateAsync();
        }
        catch
        {
            // Memory may hold what storage does not.
            DeactivateOnIdle();
            throw;
        }
    }
}

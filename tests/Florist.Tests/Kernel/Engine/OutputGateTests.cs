using Florist.Kernel;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Tests.Kernel.Engine;

public sealed class OutputGateTests : IAsyncLifetime
{
    private readonly Valve valve = new();
    private readonly ProbeHandler sent = new();
    private TestShop shop = null!;

    private ITicketGrain Desk => shop.Grain<ITicketGrain>("desk");

    public async ValueTask InitializeAsync() => shop = await TestShop.Start(services =>
    {
        valve.Into(services);
        services.AddSingleton<IOutboxHandler>(sent);
    });

    public ValueTask DisposeAsync()
    {
        valve.Open();
        return shop.DisposeAsync();
    }

    [Fact]
    public async Task Many_callers_share_a_few_commits_and_each_gets_its_own_answer()
    {
        int[] numbers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Desk.Take($"c{i}")));

        Assert.Equal(Enumerable.Range(1, 300), numbers.Order());
        Assert.InRange(valve.Writes, 1, 30);
        await shop.Restart();
        Assert.Equal(300, await Desk.Count());
    }

    [Fact]
    public async Task No_answer_leaves_before_what_it_was_computed_from_is_durable()
    {
        valve.Close();
        Task<int> take = Desk.Take("a");
        await valve.Held;
        Task<int> count = Desk.Count();

        // It came last, so that the others have had their turns when it is answered.
        Assert.Equal(0, await Desk.Committed());
        Assert.False(take.IsCompleted);
        Assert.False(count.IsCompleted);

        valve.Open();
        Assert.Equal(1, await take);
        Assert.Equal(1, await count);
        Assert.Equal(1, await Desk.Committed());
    }

    [Fact]
    public async Task A_read_waits_for_the_write_that_is_on_its_way_and_causes_none()
    {
        valve.Close();
        Task<int> take = Desk.Take("a");
        await valve.Held;
        Task<int>[] counts = [.. Enumerable.Range(0, 20).Select(_ => Desk.Count())];
        Assert.Equal(0, await Desk.Committed());
        valve.Open();
        await Task.WhenAll(counts);
        Assert.Equal(1, await take);
        Assert.Equal(1, valve.Writes);

        Assert.Equal(1, await Desk.Count());
        Assert.Equal(1, await Desk.Take("a"));
        Assert.Equal(1, valve.Writes);
    }

    [Fact]
    public async Task Changes_made_during_a_write_go_with_the_next_one_and_are_not_told_before_it()
    {
        valve.Close();
        Task<int> first = Desk.Take("a");
        await valve.Held;
        Task<int>[] later = [.. Enumerable.Range(0, 20).Select(i => Desk.Take($"b{i}"))];
        Assert.Equal(0, await Desk.Committed());

        valve.Open();
        Assert.Equal(1, await first);
        Assert.InRange(await Desk.Committed(), 1, 21);
        Assert.Equal(Enumerable.Range(2, 20), await Task.WhenAll(later));
        Assert.Equal(2, valve.Writes);
        Assert.Equal(21, await Desk.Committed());
    }

    [Fact]
    public async Task A_crash_between_two_writes_keeps_the_first_and_nothing_of_the_second()
    {
        valve.Close();
        Task<int> first = Desk.Take("a");
        await valve.Held;
        Task<int>[] later = [.. Enumerable.Range(0, 20).Select(i => Desk.Take($"b{i}"))];
        Assert.Equal(0, await Desk.Committed());
        valve.LetOneThrough();
        Assert.Equal(1, await first);
        await valve.Held;
        Assert.All(later, take => Assert.False(take.IsCompleted));

        await shop.Restart(crash: true);
        valve.Open();
        Assert.Equal(1, await Desk.Count());
        await shop.RunDue();
        Assert.Equal(["desk/1"], sent.Handled);
    }

    [Fact]
    public async Task Every_message_is_written_with_one_commit_and_sent_once()
    {
        for (int round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Desk.Take($"{round}.{i}")));
            await shop.RunDue();
        }

        Assert.Equal(
            Enumerable.Range(1, 200).Select(i => $"desk/{i}").Order(StringComparer.Ordinal),
            sent.Handled.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_change_whose_method_throws_goes_with_the_next_write()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Desk.TakeAndThrow("a"));
        Assert.Equal(0, await Desk.Committed());

        Assert.Equal(1, await Desk.Count());
        Assert.Equal(1, await Desk.Committed());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_write_that_fails_fails_all_that_wait_and_drops_the_grain_with_what_it_knew(bool conflict)
    {
        Assert.Equal(1, await Desk.Take("before"));
        valve.Close();
        valve.Failure = conflict
            ? new InconsistentStateException("another wrote")
            : new StorageOverloadedException("too much to write");
        Task<int>[] takes = [.. Enumerable.Range(0, 20).Select(i => Desk.Take($"c{i}"))];
        Task<int> count = Desk.Count();
        await valve.Held;
        Assert.Equal(1, await Desk.Committed());
        valve.Open();

        foreach (Task<int> waiting in takes.Append(count))
        {
            InconsistentStateException failure =
                await Assert.ThrowsAsync<InconsistentStateException>(() => waiting);
            Assert.Equal(valve.Failure.Message, failure.InnerException?.Message);
            Assert.Equal(
                conflict ? StatusCode.Aborted : StatusCode.ResourceExhausted,
                FaultStatus.OfException(failure).StatusCode);
        }

        valve.Failure = null;
        Assert.Equal(1, await Desk.Count());
        Assert.Equal(2, await Desk.Take("after"));
        await shop.RunDue();
        Assert.Equal(["desk/1", "desk/2"], sent.Handled.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_fails_at_once_everybody_gets_one_number_and_no_number_is_given_twice(int seed)
    {
        await using TestShop paranoid = await TestShop.Start(services =>
        {
            services.AddSingleton<IOutboxHandler>(sent);
            services.BeParanoid(seed, TimeSpan.FromSeconds(0.4));
        });
        int[] numbers = await Task.WhenAll(Enumerable.Range(0, 100)
            .Select(i => TakeUntilAnswered(paranoid.Grain<ITicketGrain>("desk"), $"c{i}")));
        await paranoid.RunDue();

        Assert.Equal(Enumerable.Range(1, 100), numbers.Order());
        Assert.Equal(
            Enumerable.Range(1, 100).Select(i => $"desk/{i}").Order(StringComparer.Ordinal),
            sent.Handled.Order(StringComparer.Ordinal));
    }

    private static async Task<int> TakeUntilAnswered(ITicketGrain desk, string caller)
    {
        while (true)
        {
            try
            {
                return await desk.Take(caller);
            }
            catch (Exception failure) when (failure is OrleansException or TimeoutException)
            {
                // The outcome is not known: the repeat finds out.
            }
        }
    }
}

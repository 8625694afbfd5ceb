using System.Runtime.CompilerServices;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>Contract 9: methods of type IAsyncEnumerable run beside all other turns.</summary>
public sealed class GrainStreamTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private IFeedGrain Feed => host.Grains.GetGrain<IFeedGrain>("f");

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(1000)]
    public void Every_element_arrives_once_and_in_order(int count)
    {
        Assert.Equal(Enumerable.Range(0, count), host.Run(() => ReadAll(Feed.Count(count, yielding: false))));
        Assert.Equal(Enumerable.Range(0, count), host.Run(() => ReadAll(Feed.Count(count, yielding: true))));
    }

    [Fact]
    public void Calls_are_answered_while_a_stream_waits_and_the_stream_sees_what_they_did()
    {
        List<string> seen = [];
        Task watching = host.Begin(() => Watch(seen, CancellationToken.None));

        host.Run(() => Feed.Publish("rose"));
        Assert.Equal(["rose"], seen);
        host.Run(() => Feed.Publish("tulip"));
        Assert.Equal(["rose", "tulip"], seen);
        Assert.False(watching.IsCompleted);
    }

    [Fact]
    public void A_stream_is_served_while_a_call_waits()
    {
        host.Begin(() => Feed.Wait("1"));
        Assert.Equal([0, 1, 2], host.Run(() => ReadAll(Feed.Count(3, yielding: true))));
    }

    [Fact]
    public void An_element_may_come_after_longer_than_any_timeout()
    {
        List<string> seen = [];
        Task watching = host.Begin(() => Watch(seen, CancellationToken.None));
        host.Advance(TimeSpan.FromHours(5));
        host.Run(() => Feed.Publish("late"));

        Assert.Equal(["late"], seen);
        Assert.False(watching.IsCompleted);
    }

    [Fact]
    public void A_failure_arrives_behind_the_elements_before_it()
    {
        List<int> seen = [];
        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => host.Run(async () =>
        {
            await foreach (int i in Feed.FailAfter(3))
            {
                seen.Add(i);
            }
        }));

        Assert.Equal("withered", failure.Message);
        Assert.Equal([0, 1, 2], seen);
    }

    [Fact]
    public void A_caller_that_cancels_is_released_and_the_grain_cleans_up()
    {
        List<string> seen = [];
        using CancellationTokenSource cancel = new();
        Task watching = host.Begin(() => Watch(seen, cancel.Token));
        Assert.DoesNotContain("feed closed", host.Probe.Notes);

        cancel.Cancel();
        host.Settle();
        Assert.True(watching.IsCanceled);
        Assert.Contains("feed closed", host.Probe.Notes);
    }

    [Fact]
    public void A_caller_that_leaves_early_lets_the_grain_clean_up()
    {
        host.Run(() => Feed.Publish("rose"));
        host.Run(async () =>
        {
            await foreach (string text in Feed.Watch(fromStart: true, CancellationToken.None))
            {
                Assert.Equal("rose", text);
                break;
            }
        });

        host.Settle();
        Assert.Contains("feed closed", host.Probe.Notes);
    }

    [Fact]
    public void Both_ways_to_give_a_token_cancel()
    {
        foreach (bool argument in new[] { true, false })
        {
            using CancellationTokenSource cancel = new();
            Task watching = host.Begin(async () =>
            {
                CancellationToken token = argument ? cancel.Token : CancellationToken.None;
                await foreach (string text in Feed.Watch(fromStart: false, token)
                    .WithCancellation(argument ? CancellationToken.None : cancel.Token))
                {
                    Assert.Fail(text);
                }
            });

            cancel.Cancel();
            host.Settle();
            Assert.True(watching.IsCanceled);
        }
    }

    [Fact]
    public void A_dropped_activation_ends_its_streams_with_an_error()
    {
        List<string> seen = [];
        Task watching = host.Begin(() => Watch(seen, CancellationToken.None));
        host.Run(Feed.Retire);
        host.Settle();

        Assert.Throws<EnumerationAbortedException>(() => GrainTestHost.Ended(watching));
        Assert.Contains("feed closed", host.Probe.Notes);
    }

    [Fact]
    public void A_stream_between_two_elements_does_not_jump_to_another_activation()
    {
        IAsyncEnumerator<int>? stream = null;
        host.Run(async () =>
        {
            stream = Feed.Count(1000, yielding: false).GetAsyncEnumerator();
            Assert.True(await stream.MoveNextAsync());
        });
        host.Run(Feed.Retire);
        host.Settle();

        Assert.NotNull(stream);
        Assert.Throws<EnumerationAbortedException>(() => host.Run(async () =>
        {
            while (await stream.MoveNextAsync())
            {
                Assert.InRange(stream.Current, 1, 99);
            }
        }));
    }

    [Fact]
    public void Many_watchers_all_see_everything()
    {
        List<string>[] seen = [.. Enumerable.Range(0, 20).Select(_ => new List<string>())];
        Task[] watching = [.. seen.Select(list => host.Begin(() => Watch(list, CancellationToken.None)))];
        for (int i = 0; i < 10; i++)
        {
            host.Run(() => Feed.Publish($"{i}"));
        }

        Assert.All(seen, list => Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{i}"), list));
        Assert.All(watching, task => Assert.False(task.IsCompleted));
    }

    [Fact]
    public async Task Streams_work_on_the_thread_pool()
    {
        await using GrainTestHost pooled = new(scheduler: new PoolScheduler());
        IFeedGrain feed = pooled.Grains.GetGrain<IFeedGrain>("f");
        List<int>[] lists = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(() => ReadAll(feed.Count(500, yielding: true)))));

        Assert.All(lists, list => Assert.Equal(Enumerable.Range(0, 500), list));
    }

    private static async Task<List<int>> ReadAll(IAsyncEnumerable<int> stream)
    {
        List<int> all = [];
        await foreach (int i in stream)
        {
            all.Add(i);
        }

        return all;
    }

    private async Task Watch(List<string> seen, CancellationToken cancellation)
    {
        await foreach (string text in Feed.Watch(fromStart: true, cancellation))
        {
            seen.Add(text);
        }
    }
}

public interface IFeedGrain : IGrainWithStringKey
{
    IAsyncEnumerable<int> Count(int count, bool yielding);

    IAsyncEnumerable<int> FailAfter(int count);

    IAsyncEnumerable<string> Watch(bool fromStart, CancellationToken cancellation);

    Task Publish(string text);

    Task Wait(string gate);

    Task Retire();
}

[GrainType("feed")]
internal sealed class FeedGrain(Probe probe) : Grain, IFeedGrain
{
    private readonly List<string> published = [];
    private TaskCompletionSource changed = new();

    public async IAsyncEnumerable<int> Count(int count, bool yielding)
    {
        for (int i = 0; i < count; i++)
        {
            if (yielding)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }

    public async IAsyncEnumerable<int> FailAfter(int count)
    {
        await foreach (int i in Count(count, yielding: true))
        {
            yield return i;
        }

        throw new InvalidOperationException("withered");
    }

    public async IAsyncEnumerable<string> Watch(
        bool fromStart,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            for (int next = fromStart ? 0 : published.Count; ; next++)
            {
                while (next >= published.Count)
                {
                    await changed.Task.WaitAsync(cancellation);
                }

                yield return published[next];
            }
        }
        finally
        {
            probe.Note("feed closed");
        }
    }

    public Task Publish(string text)
    {
        published.Add(text);
        TaskCompletionSource before = changed;
        changed = new TaskCompletionSource();
        before.SetResult();
        return Task.CompletedTask;
    }

    public async Task Wait(string gate) => await probe.Gate(gate);

    public Task Retire()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

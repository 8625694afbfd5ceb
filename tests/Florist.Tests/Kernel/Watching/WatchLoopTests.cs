using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Florist.Kernel;
using Florist.Tests.Testing;
using Grpc.Core;

namespace Florist.Tests.Kernel.Watching;

public sealed class WatchLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly HandClock clock = new();
    private readonly Channel<string> source = Channel.CreateUnbounded<string>();
    private readonly Channel<string> told = Channel.CreateUnbounded<string>();
    private bool isStuck;
    private bool hasEnded;

    [Fact]
    public async Task Without_news_there_is_a_sign_of_life_every_fifteen_seconds()
    {
        _ = Run(TimeSpan.FromMinutes(10));
        await Tell("a");

        Assert.Equal("a new", await Told());
        Assert.Equal((TimeSpan.FromSeconds(15), "a again"), await ToldInTime());
        Assert.Equal((TimeSpan.FromSeconds(15), "a again"), await ToldInTime());
        await Tell("b");
        Assert.Equal("b new", await Told());
        Assert.Equal((TimeSpan.FromSeconds(15), "b again"), await ToldInTime());
    }

    [Fact]
    public async Task A_watch_ends_well_behind_a_sign_of_life_when_its_time_is_over()
    {
        Task watch = Run(TimeSpan.FromSeconds(40));
        await Tell("a");
        await Told();

        await ToldInTime();
        await ToldInTime();
        (TimeSpan took, string last) = await ToldInTime();
        await watch.WaitAsync(Patience);

        Assert.Equal((TimeSpan.FromSeconds(10), "a again"), (took, last));
        Assert.True(hasEnded);
    }

    [Fact]
    public async Task A_watch_ends_with_its_source()
    {
        Task watch = Run(TimeSpan.FromMinutes(10));
        await Tell("last");
        source.Writer.Complete();

        await watch.WaitAsync(Patience);

        Assert.Equal("last new", await Told());
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_is_dropped_half_a_minute_after_the_watch_s_time()
    {
        isStuck = true;
        Task watch = Run(TimeSpan.FromMinutes(10));
        await Tell("a");

        TimeSpan waited = TimeSpan.Zero;
        using CancellationTokenSource patience = new(Patience);
        while (!watch.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            waited += TimeSpan.FromSeconds(1);
            await Task.Delay(1, patience.Token);
        }

        RpcException dropped = await Assert.ThrowsAsync<RpcException>(() => watch);
        Assert.Equal(StatusCode.DeadlineExceeded, dropped.StatusCode);
        Assert.True(waited >= TimeSpan.FromMinutes(10.5), $"dropped after {waited}");
        Assert.True(hasEnded);
    }

    [Fact]
    public async Task What_breaks_the_telling_ends_the_watch_and_lets_go_of_the_source()
    {
        Task watch = WatchLoop.Run<string>(
            Source(CancellationToken.None),
            new WatchTerms(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(10), clock),
            (_, _, _) => throw new InvalidOperationException("broken"),
            CancellationToken.None);
        await Tell("a");

        await Assert.ThrowsAsync<InvalidOperationException>(() => watch.WaitAsync(Patience));
        Assert.True(hasEnded);
    }

    private Task Run(TimeSpan lifetime) => Task.Run(() => WatchLoop.Run(
        Source(CancellationToken.None),
        new WatchTerms(TimeSpan.FromSeconds(15), lifetime, clock),
        Heard,
        CancellationToken.None));

    private async Task<bool> Heard(string version, bool isNews, CancellationToken cancellationToken)
    {
        if (isStuck)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        told.Writer.TryWrite($"{version} {(isNews ? "new" : "again")}");
        return true;
    }

    private async IAsyncEnumerable<string> Source([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            await foreach (string version in source.Reader.ReadAllAsync(cancellationToken))
            {
                yield return version;
            }
        }
        finally
        {
            hasEnded = true;
        }
    }

    private ValueTask Tell(string version) => source.Writer.WriteAsync(version);

    private Task<string> Told() => told.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    // What is told next, and after how long on the test's clock.
    private async Task<(TimeSpan Took, string Told)> ToldInTime()
    {
        using CancellationTokenSource patience = new(Patience);
        TimeSpan took = TimeSpan.Zero;
        while (true)
        {
            // The loop has to come to its wait before time may go by.
            await Task.Delay(5, patience.Token);
            if (told.Reader.TryRead(out string? heard))
            {
                return (took, heard);
            }

            clock.Advance(TimeSpan.FromSeconds(1));
            took += TimeSpan.FromSeconds(1);
        }
    }
}

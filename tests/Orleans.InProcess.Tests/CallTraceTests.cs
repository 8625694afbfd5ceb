using System.Collections.Concurrent;
using System.Diagnostics;
using Orleans.Concurrency;
using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>The spans of calls, as a listener sees them.</summary>
public sealed class CallTraceTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new();
    private readonly ConcurrentQueue<Activity> ended = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private ITracedGrain Grain(string key) => host.Grains.GetGrain<ITracedGrain>(key);

    [Fact]
    public void The_span_of_the_grain_lies_in_the_span_of_its_caller()
    {
        using ActivityListener listener = Listen();
        using Activity request = new Activity("request").Start();
        host.Run(() => Grain("a").Current());

        Activity client = Assert.Single(ended, a => a.Kind == ActivityKind.Client);
        Activity server = Assert.Single(ended, a => a.Kind == ActivityKind.Server);
        Assert.Equal(request.SpanId, client.ParentSpanId);
        Assert.Equal(client.SpanId, server.ParentSpanId);
        Assert.Equal(request.TraceId, server.TraceId);
        Assert.All(ended, span => Assert.Equal(ActivityStatusCode.Unset, span.Status));
        Assert.All(ended, span => Assert.Equal("ITracedGrain/Current", span.DisplayName));
        Assert.Equal("orleans", server.GetTagItem("rpc.system"));
        Assert.Equal(typeof(ITracedGrain).FullName, server.GetTagItem("rpc.service"));
        Assert.Equal("Current", server.GetTagItem("rpc.method"));
        Assert.Equal("traced/a", server.GetTagItem("rpc.orleans.target_id"));
    }

    [Fact]
    public void Calls_of_a_grain_lie_in_its_span()
    {
        using ActivityListener listener = Listen();
        host.Run(() => Grain("a").Ask("b"));

        Activity outer = Assert.Single(ended, a => Is(a, ActivityKind.Server, "Ask"));
        Activity inner = Assert.Single(ended, a => Is(a, ActivityKind.Client, "Current"));
        Assert.Equal(outer.SpanId, inner.ParentSpanId);
        Assert.Single(ended.Select(a => a.TraceId).Distinct());
        Assert.Equal(4, ended.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_failure_marks_both_spans_with_its_type_and_not_its_text(bool atOnce)
    {
        using ActivityListener listener = Listen();
        Assert.Throws<InvalidOperationException>(() => host.Run(() => Grain("a").Fail("Mrs. Miller", atOnce)));

        Assert.Equal(2, ended.Count);
        Assert.All(ended, span => Assert.Equal(ActivityStatusCode.Error, span.Status));
        Assert.All(ended, span => Assert.Null(span.StatusDescription));
        Assert.All(
            ended,
            span => Assert.Equal(typeof(InvalidOperationException).FullName, span.GetTagItem("error.type")));
        Assert.DoesNotContain(ended.SelectMany(span => span.Tags), tag => tag.Value == "Mrs. Miller");
    }

    [Fact]
    public void A_timeout_ends_the_span_of_the_caller_and_the_end_of_the_method_that_of_the_grain()
    {
        using ActivityListener listener = Listen();
        Task call = host.Begin(() => Grain("a").Wait("1"));
        host.Advance(TimeSpan.FromSeconds(40));
        Assert.Throws<TimeoutException>(() => GrainTestHost.Ended(call));
        Activity client = Assert.Single(ended);
        Assert.Equal(ActivityKind.Client, client.Kind);
        Assert.Equal(typeof(TimeoutException).FullName, client.GetTagItem("error.type"));

        host.Probe.Open("1");
        host.Settle();
        Activity server = Assert.Single(ended, a => a.Kind == ActivityKind.Server);
        Assert.Equal(ActivityStatusCode.Unset, server.Status);
    }

    [Fact]
    public void A_one_way_call_ends_its_callers_span_when_it_is_sent()
    {
        using ActivityListener listener = Listen();
        Task blocked = host.Begin(() => Grain("a").Wait("1"));
        host.Begin(() => Grain("a").Tell());
        Activity client = Assert.Single(ended);

        host.Probe.Open("1");
        host.Settle();
        GrainTestHost.Ended(blocked);
        Activity server = Assert.Single(ended, a => Is(a, ActivityKind.Server, "Tell"));
        Assert.Equal(client.SpanId, server.ParentSpanId);
        Assert.Equal(ActivityStatusCode.Error, server.Status);
        Assert.Equal(ActivityStatusCode.Unset, client.Status);
    }

    [Fact]
    public void A_caller_keeps_its_own_span_while_it_waits()
    {
        using ActivityListener listener = Listen();
        host.Run(async () =>
        {
            using Activity request = new Activity("request").Start();
            Task<string?> call = Grain("a").Current();
            Assert.Same(request, Activity.Current);
            await call;
            Assert.Same(request, Activity.Current);
        });
    }

    [Fact]
    public void The_span_of_one_call_is_not_current_in_the_next()
    {
        using ActivityListener listener = Listen();
        host.Run(() => Grain("a").Current());
        string? second = host.Run(() => Grain("a").Current());

        Activity[] servers = [.. ended.Where(a => a.Kind == ActivityKind.Server)];
        Assert.Equal(servers[1].Id, second);
        Assert.NotEqual(servers[0].TraceId, servers[1].TraceId);
    }

    [Fact]
    public void While_nobody_listens_there_are_no_spans()
    {
        using Activity request = new Activity("request").Start();
        Assert.Null(host.Run(() => Grain("a").Current()));
    }

    [Fact]
    public void A_trace_that_is_not_sampled_costs_no_spans_but_keeps_its_id()
    {
        using ActivityListener listener = Listen(ActivitySamplingResult.PropagationData);
        using Activity request = new Activity("request").Start();
        string? seen = host.Run(() => Grain("a").Current());

        Assert.Contains(request.TraceId.ToHexString(), seen, StringComparison.Ordinal);
        Assert.All(ended, span => Assert.Null(span.GetTagItem("rpc.method")));
    }

    private static bool Is(Activity span, ActivityKind kind, string method) =>
        span.Kind == kind && span.DisplayName == $"{nameof(ITracedGrain)}/{method}";

    private ActivityListener Listen(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded)
    {
        ActivityListener listener = new()
        {
            ShouldListenTo = source => source.Name == CallTrace.SourceName,
            Sample = (ref _) => sampling,
            ActivityStopped = span =>
            {
                // Tests of other classes run beside this one, and their calls are seen as well.
                if (span.DisplayName.StartsWith(nameof(ITracedGrain), StringComparison.Ordinal))
                {
                    ended.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}

public interface ITracedGrain : IGrainWithStringKey
{
    Task<string?> Current();

    Task<string?> Ask(string other);

    Task Fail(string text, bool atOnce);

    Task Wait(string gate);

    [OneWay]
    Task Tell();
}

[GrainType("traced")]
internal sealed class TracedGrain(Probe probe) : Grain, ITracedGrain
{
    public Task<string?> Current() => Task.FromResult(Activity.Current?.Id);

    public async Task<string?> Ask(string other)
    {
        await Task.Yield();
        return await GrainFactory.GetGrain<ITracedGrain>(other).Current();
    }

    public async Task Fail(string text, bool atOnce)
    {
        if (!atOnce)
        {
            await Task.Yield();
        }

        throw new InvalidOperationException(text);
    }

    public Task Wait(string gate) => probe.Gate(gate);

    public Task Tell() => throw new InvalidOperationException("unheard");
}

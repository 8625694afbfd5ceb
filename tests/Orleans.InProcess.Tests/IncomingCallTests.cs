using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.InProcess.Tests.Testing;

namespace Orleans.InProcess.Tests;

/// <summary>Filters: what they see, what they may change, and in which order they run.</summary>
public sealed class IncomingCallTests : IAsyncDisposable
{
    private readonly GrainTestHost host = new(silo: silo => silo
        .AddIncomingGrainCallFilter<OuterFilter>()
        .AddIncomingGrainCallFilter<InnerFilter>());

    public ValueTask DisposeAsync() => host.DisposeAsync();

    private IFilteredGrain Grain => host.Grains.GetGrain<IFilteredGrain>("g");

    [Fact]
    public void Filters_run_in_order_around_the_grains_own_and_the_method()
    {
        Assert.Equal("hello", host.Run(() => Grain.Say("hello", 7)));
        Assert.Equal(
            [
                "outer before Orleans.InProcess.Tests.IFilteredGrain.Say(hello, 7) on filtered/g",
                "inner before",
                "own before",
                "method",
                "inner after hello",
                "outer after hello",
            ],
            host.Probe.Notes);
    }

    [Fact]
    public void A_filter_may_replace_a_result()
    {
        Assert.Equal("replaced", host.Run(() => Grain.Say("replace", 0)));
    }

    [Fact]
    public void A_filter_may_answer_without_the_grain()
    {
        Assert.Equal("answered", host.Run(() => Grain.Say("answer", 0)));
        Assert.DoesNotContain("method", host.Probe.Notes);
    }

    [Fact]
    public void A_filter_may_refuse()
    {
        Assert.Throws<UnauthorizedAccessException>(() => host.Run(() => Grain.Say("refuse", 0)));
        Assert.DoesNotContain("method", host.Probe.Notes);
        Assert.Equal("hello", host.Run(() => Grain.Say("hello", 0)));
    }

    [Fact]
    public void A_filter_sees_the_exception_of_the_method_and_it_still_reaches_the_caller()
    {
        Assert.Throws<InvalidOperationException>(() => host.Run(() => Grain.Say("fail", 0)));
        Assert.Contains("outer caught InvalidOperationException", host.Probe.Notes);
    }

    [Fact]
    public void A_filter_may_turn_an_exception_into_a_result()
    {
        Assert.Equal("rescued", host.Run(() => Grain.Say("rescue", 0)));
    }

    [Fact]
    public void A_result_of_the_wrong_type_fails_the_call()
    {
        Assert.Throws<InvalidCastException>(() => host.Run(() => Grain.Say("wrong", 0)));
    }

    [Fact]
    public async Task A_filter_that_cannot_be_made_fails_every_call_and_blocks_none()
    {
        await using GrainTestHost other = new(silo: silo => silo.AddIncomingGrainCallFilter<UnmakeableFilter>());
        IFilteredGrain grain = other.Grains.GetGrain<IFilteredGrain>("g");

        Assert.Throws<InvalidOperationException>(() => other.Run(() => grain.Say("hello", 0)));
        Assert.Throws<InvalidOperationException>(() => other.Run(() => grain.Say("hello", 0)));
    }

    [Fact]
    public void Filters_run_in_the_turn_of_the_call()
    {
        Task first = host.Begin(() => Grain.Say("wait", 0));
        Task second = host.Begin(() => Grain.Say("hello", 0));
        Assert.Equal(1, host.Probe.Notes.Count(n => n.StartsWith("outer before", StringComparison.Ordinal)));

        host.Probe.Open("wait");
        host.Settle();
        GrainTestHost.Ended(first);
        GrainTestHost.Ended(second);
    }
}

public interface IFilteredGrain : IGrainWithStringKey
{
    Task<string> Say(string text, int number);
}

[GrainType("filtered")]
internal sealed class FilteredGrain(Probe probe) : Grain, IFilteredGrain, IIncomingGrainCallFilter
{
    public async Task<string> Say(string text, int number)
    {
        probe.Note("method");
        if (text == "wait")
        {
            await probe.Gate("wait");
        }

        return text is "fail" or "rescue" ? throw new InvalidOperationException(text) : text;
    }

    public Task Invoke(IIncomingGrainCallContext context)
    {
        probe.Note("own before");
        return context.Invoke();
    }
}

internal sealed class OuterFilter(Probe probe) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        string arguments = string.Join(
            ", ",
            Enumerable.Range(0, context.Request.GetArgumentCount()).Select(context.Request.GetArgument));
        probe.Note($"outer before {context.InterfaceName}.{context.MethodName}({arguments}) on {context.TargetId}");
        try
        {
            await context.Invoke();
            probe.Note($"outer after {context.Result}");
        }
        catch (InvalidOperationException failure)
        {
            probe.Note($"outer caught {failure.GetType().Name}");
            if (failure.Message != "rescue")
            {
                throw;
            }

            context.Result = "rescued";
        }
    }
}

internal sealed class UnmakeableFilter(Version missing) : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context) => Task.FromResult(missing);
}

internal sealed class InnerFilter(Probe probe) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        probe.Note("inner before");
        switch (context.Request.GetArgument(0))
        {
            case "refuse":
                throw new UnauthorizedAccessException("not yours");
            case "answer":
                context.Result = "answered";
                return;
        }

        await context.Invoke();
        probe.Note($"inner after {context.Result}");
        switch (context.Result)
        {
            case "replace":
                context.Result = "replaced";
                break;
            case "wrong":
                context.Result = 42;
                break;
        }
    }
}

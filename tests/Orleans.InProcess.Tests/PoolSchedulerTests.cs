using Orleans.InProcess.Tests.Testing;
using Orleans.Runtime;

namespace Orleans.InProcess.Tests;

/// <summary>A read of an idle grain may run on the thread that asks for it; nothing else may.</summary>
public sealed class PoolSchedulerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GrainTestHost host = new(scheduler: new PoolScheduler());

    private IThreadGrain Grain => host.Grains.GetGrain<IThreadGrain>("a");

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public void A_read_of_an_idle_grain_runs_on_the_thread_of_its_caller()
    {
        ThreadSeen seen = OnThreadOfItsOwn(LookHere);

        Assert.True(seen.IsOnItsScheduler);
    }

    [Fact]
    public void Ambient_values_pass_in_neither_direction()
    {
        (ThreadSeen first, ThreadSeen second, string? own) = OnThreadOfItsOwn(() =>
        {
            ThreadGrain.Ambient.Value = "the caller's";
            return (LookHere(), LookHere(), ThreadGrain.Ambient.Value);
        });

        Assert.Equal((null, null, "the caller's"), (first.Ambient, second.Ambient, own));
    }

    [Fact]
    public async Task A_call_that_is_no_read_never_runs_on_the_thread_of_its_caller()
    {
        (int caller, Task<ThreadSeen>[] calls) = OnThreadOfItsOwn(() =>
        {
            LookHere();
            return (Environment.CurrentManagedThreadId, Enumerable.Range(0, 100).Select(_ => Grain.Touch()).ToArray());
        });

        Assert.DoesNotContain(await Task.WhenAll(calls), seen => seen.Thread == caller);
    }

    [Fact]
    public async Task A_read_under_a_synchronization_context_does_not_run_on_the_thread_of_its_caller()
    {
        (int caller, Task<ThreadSeen>[] reads) = OnThreadOfItsOwn(() =>
        {
            LookHere();
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            return (Environment.CurrentManagedThreadId, Enumerable.Range(0, 100).Select(_ => Grain.Look()).ToArray());
        });

        Assert.DoesNotContain(await Task.WhenAll(reads), seen => seen.Thread == caller);
    }

    [Fact]
    public async Task What_comes_while_a_read_has_the_thread_of_its_caller_goes_on_elsewhere()
    {
        ThreadSeen? held = null;
        Thread holder = new(() =>
        {
            LookHere();
            held = Grain.Hold().GetAwaiter().GetResult();
        });
        holder.Start();
        Assert.True(SpinWait.SpinUntil(() => host.Probe.Notes.Contains("holding"), Patience));

        Task<ThreadSeen>[] waiting = [.. Enumerable.Range(0, 10).Select(_ => Grain.Touch())];
        Assert.DoesNotContain(waiting, call => call.IsCompleted);
        host.Probe.Tell("let go");
        holder.Join();

        Assert.Equal(holder.ManagedThreadId, held?.Thread);
        Assert.DoesNotContain(
            await Task.WhenAll(waiting).WaitAsync(Patience, TestContext.Current.CancellationToken),
            seen => seen.Thread == holder.ManagedThreadId);
    }

    private static T OnThreadOfItsOwn<T>(Func<T> code)
    {
        T? result = default;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = code();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        return failure is null && result is not null
            ? result
            : throw new InvalidOperationException("the code failed", failure);
    }

    // The grain is made, and its first turns end, on other threads.
    private ThreadSeen LookHere()
    {
        ThreadSeen? seen = null;
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                Task<ThreadSeen> look = Grain.Look();
                seen = look.IsCompletedSuccessfully ? look.GetAwaiter().GetResult() : null;
                return seen?.Thread == Environment.CurrentManagedThreadId;
            },
            Patience));
        return seen ?? throw new InvalidOperationException("nothing was seen");
    }
}

using Orleans.Concurrency;

namespace Orleans.InProcess.Tests.Testing;

/// <summary>Tells on which thread it runs, and what it finds there.</summary>
public interface IThreadGrain : IGrainWithStringKey
{
    /// <summary>Looks around and leaves an ambient value behind.</summary>
    [ReadOnly]
    Task<ThreadSeen> Look();

    Task<ThreadSeen> Touch();

    /// <summary>Keeps its thread until the test lets it go.</summary>
    [ReadOnly]
    Task<ThreadSeen> Hold();
}

/// <summary>What a grain saw of its thread.</summary>
public sealed record ThreadSeen(int Thread, string? Ambient, bool IsOnItsScheduler);

[GrainType("thread")]
internal sealed class ThreadGrain(Probe probe) : Grain, IThreadGrain
{
    internal static readonly AsyncLocal<string?> Ambient = new();

    public Task<ThreadSeen> Look()
    {
        Task<ThreadSeen> seen = Touch();
        Ambient.Value = "left behind";
        return seen;
    }

    public Task<ThreadSeen> Touch() => Task.FromResult(new ThreadSeen(
        Environment.CurrentManagedThreadId, Ambient.Value, TaskScheduler.Current != TaskScheduler.Default));

    public Task<ThreadSeen> Hold()
    {
        probe.Note("holding");
        SpinWait.SpinUntil(() => probe.IsTold("let go"));
        return Touch();
    }
}

using Florist.Adapters.Sql;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Florist.Tests.Kernel.Engine;

/// <summary>Stands before the real storage: counts writes, holds them up, and lets them fail.</summary>
internal sealed class Valve
{
    private TaskCompletionSource open = Completed();
    private TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int writes;

    public int Writes => Volatile.Read(ref writes);

    /// <summary>Thrown by every write from now on, instead of writing; null lets them through.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Completes when a write is held up.</summary>
    public Task Held => held.Task;

    public void Close()
    {
        held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Open() => open.TrySetResult();

    /// <summary>Lets the write through that is held up, and holds up the next.</summary>
    public void LetOneThrough()
    {
        TaskCompletionSource before = open;
        Close();
        before.TrySetResult();
    }

    /// <summary>Puts the valve before the storage of a shop.</summary>
    public void Into(IServiceCollection services) => services.AddGrainStorage<IGrainStorage>(
        "Default",
        (provider, _) => new Storage(this, ActivatorUtilities.CreateInstance<GroupCommitGrainStorage>(provider)));

    private static TaskCompletionSource Completed()
    {
        TaskCompletionSource done = new();
        done.SetResult();
        return done;
    }

    private async Task Pass()
    {
        Interlocked.Increment(ref writes);
        held.TrySetResult();
        await open.Task;
        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    private sealed class Storage(Valve valve, IGrainStorage inner) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            inner.ReadStateAsync(stateName, grainId, grainState);

        public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await valve.Pass();
            await inner.WriteStateAsync(stateName, grainId, grainState);
        }

        public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await valve.Pass();
            await inner.ClearStateAsync(stateName, grainId, grainState);
        }
    }
}

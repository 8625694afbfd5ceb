using System.Runtime.ExceptionServices;
using Orleans.Core;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>A state that is loaded when its grain is activated.</summary>
internal interface ILoadedState
{
    Task Load(CancellationToken cancelled);
}

/// <summary>
/// A state record in memory. What is done to the record is done in order, one after another; writes that have not begun
/// are one write, because each writes the state as it is when it begins.
/// </summary>
internal sealed class PersistentState<TState> : IPersistentState<TState>, ILoadedState
{
    private readonly Activation owner;
    private readonly string stateName;
    private readonly IGrainStorage storage;
    private readonly GrainState<TState> record = new();
    private Task last = Task.CompletedTask;
    private Task? unbegunWrite;
    private int unbegunNumber;
    private int number;

    internal PersistentState(Activation owner, string stateName, IGrainStorage storage)
    {
        this.owner = owner;
        this.stateName = stateName;
        this.storage = storage;
        record.State = InitialState.Of<TState>();
        owner.Remember(this);
    }

    public TState State
    {
        get
        {
            CheckTurn();
            return record.State;
        }

        set
        {
            CheckTurn();
            ArgumentNullException.ThrowIfNull(value);
            record.State = value;
        }
    }

    public string? Etag => record.ETag;

    public bool RecordExists => record.RecordExists;

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) =>
        Chain("ReadState", () => Read(cancellationToken), cancellationToken);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task WriteStateAsync(CancellationToken cancellationToken)
    {
        CheckTurn();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        if (unbegunWrite is null)
        {
            int mine = number + 1;
            Task write = Chain("WriteState", () => Write(mine), cancellationToken);
            unbegunWrite = write;
            unbegunNumber = mine;
        }

        return unbegunWrite;
    }

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ClearStateAsync(CancellationToken cancellationToken) => Chain("ClearState", Clear, cancellationToken);

    /// <summary>The first read, before the grain sees a call.</summary>
    public Task Load(CancellationToken cancelled) => Do("ReadState", () => Read(cancelled));

    private Task Chain(string operation, Func<Task> step, CancellationToken cancellationToken)
    {
        CheckTurn();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled(cancellationToken);
        }

        // What comes later must not be overtaken by a write that was asked for earlier, nor share it.
        number++;
        unbegunWrite = null;
        return last = After(last, operation, step);
    }

    private async Task After(Task before, string operation, Func<Task> step)
    {
        await Task.Yield();
        await before.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Do(operation, step);
    }

    private async Task Read(CancellationToken cancelled)
    {
        await storage.ReadStateAsync(stateName, owner.GrainId, record, cancelled);
        record.State ??= InitialState.Of<TState>();
    }

    private Task Write(int mine)
    {
        if (unbegunNumber == mine)
        {
            unbegunWrite = null;
        }

        return storage.WriteStateAsync(stateName, owner.GrainId, record, CancellationToken.None);
    }

    private async Task Clear()
    {
        await storage.ClearStateAsync(stateName, owner.GrainId, record, CancellationToken.None);
        record.State = InitialState.Of<TState>();
    }

    private async Task Do(string operation, Func<Task> step)
    {
        try
        {
            await step();
        }
        catch (Exception failure)
        {
            string name = storage.GetType().Name;
            GrainLog.StorageFailed(owner.Host.Log, operation, stateName, owner.GrainId, name, failure);
            if (failure is OrleansException)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            throw new OrleansException(
                $"{operation} of state {stateName} of {owner.GrainId} failed in {name}: {failure.GetType().Name}",
                failure);
        }
    }

    private void CheckTurn()
    {
        if (!owner.IsCurrent)
        {
            throw new InvalidOperationException(
                $"the state of {owner.GrainId} is used outside of its turns, perhaps after ConfigureAwait(false)");
        }
    }
}

/// <summary>What a storage reads from and writes into.</summary>
internal sealed class GrainState<TState> : IGrainState<TState>
{
    public TState State { get; set; } = InitialState.Of<TState>();

    public string? ETag { get; set; }

    public bool RecordExists { get; set; }
}

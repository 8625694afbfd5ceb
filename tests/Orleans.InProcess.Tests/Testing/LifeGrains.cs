using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.InProcess.Tests.Testing;

public sealed record Purse
{
    public int Coins { get; init; }

    public string Owner { get; init; } = "nobody";
}

/// <summary>Shared by several classes; addressed by grain id.</summary>
public interface INamed : IGrainWithStringKey
{
    Task<string> ClassName();
}

public interface IPurseGrain : INamed
{
    Task<int> Put(int coins);

    Task<int> PutTwiceAtOnce(int coins);

    Task<int> Peek();

    Task<int> PeekLoaded();

    Task Clear();

    Task<string> Record();

    Task Reload();

    Task Wait(string gate);

    Task Retire(bool andWait);

    Task Stay(TimeSpan time);

    Task<bool> CatchesConflict(int coins);

    Task<string> UseStateElsewhere();

    Task<int> WriteMany(int count);

    Task SetNull();

    Task PutInBoth(int coins);

    Task<string> OwnerOfOther();
}

[GrainType("purse")]
internal sealed class PurseGrain(
    Probe probe,
    [PersistentState("purse", "memory")] IPersistentState<Purse> purse,
    [PersistentState("other", "memory")] IPersistentState<Purse> other) : Grain, IPurseGrain
{
    private int loaded = -1;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        loaded = purse.State.Coins;
        probe.Note($"activate {this.GetPrimaryKeyString()}");
        if (probe.IsTold("refuse"))
        {
            await Task.Yield();
            throw new InvalidOperationException("no room");
        }

        if (probe.IsTold("retire early"))
        {
            DeactivateOnIdle();
        }
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note($"deactivate {this.GetPrimaryKeyString()} {reason.ReasonCode}");
        if (probe.IsTold("hang"))
        {
            await probe.Gate("never").WaitAsync(cancellationToken);
        }

        if (probe.IsTold("fail"))
        {
            throw new InvalidOperationException("no good-bye");
        }
    }

    public Task<string> ClassName() => Task.FromResult(nameof(PurseGrain));

    public async Task<int> Put(int coins)
    {
        purse.State = purse.State with { Coins = purse.State.Coins + coins };
        await purse.WriteStateAsync();
        return purse.State.Coins;
    }

    public async Task<int> PutTwiceAtOnce(int coins)
    {
        Task first = purse.WriteStateAsync();
        purse.State = purse.State with { Coins = purse.State.Coins + coins };
        Task second = purse.WriteStateAsync();
        await Task.WhenAll(first, second);
        return purse.State.Coins;
    }

    public Task<int> Peek() => Task.FromResult(purse.State.Coins);

    public Task<int> PeekLoaded() => Task.FromResult(loaded);

    public Task Clear() => purse.ClearStateAsync();

    public Task<string> Record() =>
        Task.FromResult($"{purse.RecordExists} {purse.Etag ?? "-"} {purse.State.Owner} {other.RecordExists}");

    public Task Reload() => purse.ReadStateAsync();

    public async Task Wait(string gate)
    {
        probe.Note($"begin {gate}");
        await probe.Gate(gate);
    }

    public async Task Retire(bool andWait)
    {
        DeactivateOnIdle();
        if (andWait)
        {
            await Wait("retire");
        }
    }

    public Task Stay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }

    public async Task<bool> CatchesConflict(int coins)
    {
        try
        {
            await Put(coins);
            return false;
        }
        catch (InconsistentStateException)
        {
            return true;
        }
    }

    public async Task PutInBoth(int coins)
    {
        purse.State = purse.State with { Coins = coins };
        await purse.WriteStateAsync();
        other.State = other.State with { Owner = "both" };
        await other.WriteStateAsync();
    }

    public Task<string> OwnerOfOther() => Task.FromResult(other.State.Owner);

    public async Task<string> UseStateElsewhere() => await Task.Run(() =>
    {
        try
        {
            return $"{purse.State.Coins}";
        }
        catch (InvalidOperationException failure)
        {
            return failure.GetType().Name;
        }
    });

    public async Task<int> WriteMany(int count)
    {
        List<Task> writes = [];
        for (int i = 0; i < count; i++)
        {
            purse.State = purse.State with { Coins = i + 1 };
            writes.Add(purse.WriteStateAsync());
            await Task.Yield();
        }

        await Task.WhenAll(writes);
        return purse.State.Coins;
    }

    public Task SetNull()
    {
        purse.State = null!;
        return Task.CompletedTask;
    }
}

public interface IPayerGrain : IGrainWithStringKey
{
    Task<int> Pay(string purse, int coins);

    Task<int> Calls();
}

[GrainType("payer")]
internal sealed class PayerGrain : Grain, IPayerGrain
{
    private int calls;

    public async Task<int> Pay(string purse, int coins)
    {
        calls++;
        return await GrainFactory.GetGrain<IPurseGrain>(purse).Put(coins);
    }

    public Task<int> Calls() => Task.FromResult(calls);
}

public interface IDisposedGrain : INamed;

[GrainType("disposed")]
internal sealed class DisposedGrain(Probe probe) : Grain, IDisposedGrain, IAsyncDisposable
{
    public ValueTask DisposeAsync()
    {
        probe.Note("disposed");
        return ValueTask.CompletedTask;
    }

    public Task<string> ClassName() => Task.FromResult(nameof(DisposedGrain));
}

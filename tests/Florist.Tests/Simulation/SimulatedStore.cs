using Florist.Adapters.Sql;
using Florist.Kernel;

namespace Florist.Tests.Simulation;

/// <summary>
/// The real store, at times slow, refusing, or silent about what became of a write; and sabotaged where that is wanted.
/// </summary>
internal sealed class SimulatedStore(
    IStateStore store, Faults faults, Sabotage sabotage, TimeProvider time) : IStateStore
{
    private const double SabotagedShare = 0.02;

    private int writes;

    public async Task<StoredState?> Read(string grainKey, string stateName, CancellationToken cancellationToken)
    {
        StoredState? stored = await store.Read(grainKey, stateName, cancellationToken);
        return faults.Happens(faults.StorageRefuses)
            ? throw new StorageOverloadedException("simulated: the read failed")
            : stored;
    }

    public async Task<long> Commit(StateWrite write)
    {
        if (faults.Happens(faults.StorageSlow))
        {
            // At times longer than any caller waits: then the effect comes after the caller has given up.
            await Task.Delay(faults.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(45)), time);
        }

        if (faults.Happens(faults.StorageRefuses))
        {
            throw new StorageOverloadedException("simulated: nothing was written");
        }

        if (!faults.Happens(faults.StorageUnknown))
        {
            return await Sabotaged(write);
        }

        if (faults.Happens(0.5))
        {
            await Sabotaged(write);
        }

        throw new StorageOutcomeUnknownException("simulated: the answer was lost", new TimeoutException());
    }

    private Task<long> Sabotaged(StateWrite write) => sabotage switch
    {
        Sabotage.WakeForgotten when IsNow() => store.Commit(write with { NextDue = null }),
        Sabotage.MessagesApart when !write.Messages.IsEmpty => Apart(write),
        Sabotage.AnswersForgotten => store.Commit(write with
        {
            Rows = [.. write.Rows.Where(row => row.Key[0].Value.Text != Answered.RowKind)],
        }),
        Sabotage.AnsweredEarly => Early(write),
        Sabotage.IndexForgotten when IsNow() => store.Commit(write with
        {
            Rows = [.. write.Rows.Where(row => !row.Table.EndsWith("_index", StringComparison.Ordinal))],
        }),
        _ => store.Commit(write),
    };

    private bool IsNow() => ++writes % (int)(1 / SabotagedShare) == 0;

    private async Task<long> Apart(StateWrite write)
    {
        long version = await store.Commit(write with { Messages = [] });
        await Task.Delay(TimeSpan.FromSeconds(3), time);
        return await store.Commit(write with { Expected = version, Rows = [] });
    }

    private Task<long> Early(StateWrite write)
    {
        // Nobody waits for it, so its failure, which a crash brings, is nobody's.
        _ = store.Commit(write).ContinueWith(
            static late => late.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
        return Task.FromResult((write.Expected ?? 0) + 1);
    }
}

using System.Collections.Immutable;
using Florist.Faults.Load;
using Florist.Faults.Processes;

namespace Florist.Faults;

/// <summary>Proves with strace that what was answered had been written through to the disk before.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public async Task Every_answer_comes_after_a_sync_of_what_it_answers()
    {
        (ImmutableArray<Operation> writes, ImmutableArray<SystemCall> calls, string said) = await Trace();

        Assert.Contains("synchronous=2", said);
        Assert.NotEmpty(writes);
        Assert.All(writes, write => Assert.True(
            IsSynced(write, calls), $"{write.Asked} {write.Tag} was answered before it was on the disk"));
    }

    [Fact]
    public async Task Without_a_sync_at_every_commit_the_same_proof_fails()
    {
        (ImmutableArray<Operation> writes, ImmutableArray<SystemCall> calls, string said) =
            await Trace("--Sqlite:SyncEveryCommit=false");

        Assert.Contains("synchronous=1", said);
        Assert.Contains(writes, write => !IsSynced(write, calls));
    }

    private static async Task<(ImmutableArray<Operation> Writes, ImmutableArray<SystemCall> Calls, string Said)> Trace(
        params ImmutableArray<string> settings)
    {
        Strace.Need();
        using FaultShop shop = await FaultShop.Open();
        string log = Path.Combine(Path.GetDirectoryName(shop.DataFolder) ?? "", "strace.log");
        await using ServerProcess server = await shop.Start(
            null, Strace.Command(log, "fsync,fdatasync,pwrite64", []), settings);
        for (int life = 0; life < 3; life++)
        {
            await shop.Shoppers.Live(life, "w0");
        }

        await shop.Quiet(server);
        await server.Stop();
        ImmutableArray<Operation> writes =
            [.. shop.Ledger.All.Where(one => one.Asked != Asked.Report && one.Sent == 1)];
        return (writes, Strace.Read(log), server.Said);
    }

    // Between question and answer something was written to the log, and then synced.
    private static bool IsSynced(Operation write, ImmutableArray<SystemCall> calls)
    {
        SystemCall? written = calls.FirstOrDefault(call =>
            call.Name == "pwrite64" && IsLog(call) && call.Began >= write.AskedAt && call.Ended <= write.AnsweredAt);
        return written is not null && calls.Any(call =>
            call.Name is "fsync" or "fdatasync" && IsLog(call) && !call.Failed
            && call.Began >= written.Ended && call.Ended <= write.AnsweredAt);
    }

    private static bool IsLog(SystemCall call) => call.Path.EndsWith("/florist.db-wal", StringComparison.Ordinal);
}

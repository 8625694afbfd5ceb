using System.Collections.Immutable;
using Florist.Faults.Load;
using Florist.Faults.Processes;

namespace Florist.Faults;

/// <summary>
/// A disk that fails or is full: the process ends at once, without answering what it could not write, and a later one
/// finds everything in order.
/// </summary>
public sealed class DiskFaultTests
{
    private const int Aborted = 128 + 6;

    // The log, and the database in the middle of a checkpoint. strace ends as the program did: by the same signal.
    [Theory]
    [InlineData("florist.db-wal", "fsync,fdatasync", "error=EIO:when=9+")]
    [InlineData("florist.db-wal", "pwrite64", "error=ENOSPC:when=60+")]
    [InlineData("florist.db", "pwrite64", "error=EIO:when=6+")]
    public async Task When_a_file_cannot_be_written_the_process_ends_and_answers_nothing_more(
        string file, string calls, string fault)
    {
        Strace.Need();
        using FaultShop shop = await FaultShop.Open();
        string log = Path.Combine(Path.GetDirectoryName(shop.DataFolder) ?? "", "strace.log");
        string path = Path.Combine(shop.DataFolder, file);

        DateTimeOffset died = await Suffer(
            shop, Strace.Command(log, calls, [path], $"{calls}:{fault}"), "--Sqlite:WalBytesMax=1048576");

        SystemCall first = Strace.Read(log).First(call => call.Failed);
        Assert.DoesNotContain(
            shop.Ledger.All, asked => asked.AskedAt > first.Ended && asked.AnsweredAt < died);
    }

    [Fact]
    public async Task When_the_disk_is_full_the_process_ends_and_a_later_one_carries_on()
    {
        using FaultShop shop = await FaultShop.Open();

        // No file may grow beyond 500 KB. The runtime's own tricks with memory need larger ones, so they are off.
        await Suffer(
            shop, ["env", "DOTNET_EnableWriteXorExecute=0", "bash", "-c", "trap '' XFSZ; ulimit -f 500; exec \"$@\"", "bash"]);
    }

    // One server makes the database, a second suffers, a third carries on and finishes.
    private static async Task<DateTimeOffset> Suffer(FaultShop shop, ImmutableArray<string> wrapper, params ImmutableArray<string> settings)
    {
        await using (ServerProcess first = await shop.Start())
        {
            await first.Stop();
            Assert.Equal(0, first.ExitCode);
        }

        Task lives;
        using CancellationTokenSource enough = new();
        await using (ServerProcess second = await shop.Start(null, wrapper, settings))
        {
            lives = shop.Shoppers.Play(4, enough.Token);
            await second.Ended();
            Assert.True(second.ExitCode == Aborted, $"{second.ExitCode}\n{second.Said}");
        }

        DateTimeOffset died = TimeProvider.System.GetUtcNow();

        Assert.Equal([], shop.Unsafe());
        await enough.CancelAsync();
        await using (ServerProcess third = await shop.Start())
        {
            await lives;
            await shop.Quiet(third);
            await third.Stop();
        }

        Assert.Equal([], shop.Wrong());
        return died;
    }
}

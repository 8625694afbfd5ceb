using System.Globalization;
using Florist.Faults.Processes;

namespace Florist.Faults;

/// <summary>A server that is told to stop drains, however little or much time that takes.</summary>
public sealed class StopTests
{
    // Longer than a command line waits by itself for what it started.
    private const int SlowSyncMs = 2500;
    private const int Starts = 4;

    [Fact]
    public async Task Told_to_stop_at_the_very_moment_at_which_it_says_that_it_serves_it_closes_in_order()
    {
        using FaultShop shop = await FaultShop.Open();
        for (int start = 0; start < Starts; start++)
        {
            await using ServerProcess server = await shop.Start();
            await server.Stop();

            Assert.DoesNotContain("was not closed by its last owner", server.Said);
            Assert.True(server.ExitCode == 0, $"{server.ExitCode}\n{server.Said}");
        }
    }

    [Fact]
    public async Task A_slow_disk_is_waited_for()
    {
        Strace.Need();
        using FaultShop shop = await FaultShop.Open();
        await using (ServerProcess first = await shop.Start())
        {
            await first.Stop();
        }

        string log = Path.Combine(Path.GetDirectoryName(shop.DataFolder) ?? "", "strace.log");
        string wal = Path.Combine(shop.DataFolder, "florist.db-wal");
        string slow = string.Create(CultureInfo.InvariantCulture, $"fsync,fdatasync:delay_enter={SlowSyncMs * 1000}:when=2+");
        await using ServerProcess server = await shop.Start(null, Strace.Command(log, "fsync,fdatasync", [wal], slow));
        await server.Stop();

        Assert.True(server.ExitCode == 0, $"{server.ExitCode}\n{server.Said}");
        Assert.Contains("is closed", server.Said);
    }
}

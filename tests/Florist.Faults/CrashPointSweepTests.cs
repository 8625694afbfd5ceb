using Florist.Kernel;

namespace Florist.Faults;

public sealed class CrashPointSweepTests
{
    [Fact]
    public async Task Wherever_the_process_dies_nothing_is_lost_doubled_or_stuck()
    {
        using FaultShop shop = await FaultShop.Open();
        CrashPointSweep sweep = new(shop);

        foreach (string point in CrashPoint.All)
        {
            Assert.True(await sweep.Die(point, 1), $"no server passed {point}");
        }

        await sweep.Finish();

        Assert.Equal([], sweep.Violations);
    }
}

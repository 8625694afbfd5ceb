using Florist.Kernel;

namespace Florist.Tests.Kernel.Engine;

public sealed class ShareTests
{
    [Theory]
    [InlineData(0, 25, 27)]
    [InlineData(1, 19, 21)]
    [InlineData(2, 12, 14)]
    [InlineData(3, 6, 8)]
    public void A_class_may_begin_its_reserve_and_what_is_reserved_for_none(int lane, int reserve, int free)
    {
        Assert.Equal(reserve, Share.ReserveOf(lane, 64));
        Assert.Equal(free, Share.Free(lane, [0, 0, 0, 0], 64));
    }

    [Fact]
    public void A_wave_of_surveys_leaves_room_for_deadlines()
    {
        int[] underWay = [0, 0, 0, 0];
        underWay[3] = Share.Free(3, underWay, 64);

        Assert.True(Share.Free(0, underWay, 64) >= Share.ReserveOf(0, 64));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(16)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Whoever_comes_first_no_class_is_left_without_its_reserve_and_the_total_is_kept(int total)
    {
        for (int greedy = 0; greedy < Share.Classes; greedy++)
        {
            int[] underWay = [0, 0, 0, 0];
            underWay[greedy] = Share.Free(greedy, underWay, total);
            for (int lane = 0; lane < Share.Classes; lane++)
            {
                int more = Share.Free(lane, underWay, total);
                Assert.True(underWay[lane] + more >= Share.ReserveOf(lane, total));
                underWay[lane] += more;
            }

            Assert.Equal(total, underWay.Sum());
            Assert.All(Enumerable.Range(0, Share.Classes), lane => Assert.Equal(0, Share.Free(lane, underWay, total)));
        }
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(9_999, 4)]
    [InlineData(10_000, 8)]
    [InlineData(35_000, 32)]
    [InlineData(40_000, 64)]
    [InlineData(86_400_000, 64)]
    public void After_the_start_it_warms_up_by_doubling(int ms, int total) =>
        Assert.Equal(total, Share.Warm(TimeSpan.FromMilliseconds(ms), new EngineOptions(), cores: 2));

    [Theory]
    [InlineData(1, 0, 500)]
    [InlineData(1, 1, 1000)]
    [InlineData(4, 0.5, 6000)]
    [InlineData(11, 1, 600_000)]
    [InlineData(1000, 1, 600_000)]
    public void Waits_double_up_to_the_limit(int attempts, double spread, int ms) =>
        Assert.Equal(ms, BackOff.After(attempts, new EngineOptions(), spread).TotalMilliseconds);
}

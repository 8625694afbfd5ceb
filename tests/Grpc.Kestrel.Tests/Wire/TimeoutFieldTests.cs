using Grpc.Kestrel.Wire;

namespace Grpc.Kestrel.Tests.Wire;

public class TimeoutFieldTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("600n", 6)]
    [InlineData("99n", 0)]
    [InlineData("0m", 0)]
    [InlineData("00000001S", 10_000_000)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void A_value_has_up_to_eight_digits_and_a_unit(string field, long ticks)
    {
        Assert.True(TimeoutField.TryParse(field, out TimeSpan timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("m")]
    [InlineData("-5m")]
    [InlineData("+5m")]
    [InlineData("1X")]
    [InlineData("1 S")]
    [InlineData("1s")]
    [InlineData("1.5S")]
    [InlineData("100000000n")]
    [InlineData("\u0661S")]
    public void Anything_else_is_malformed(string field)
    {
        Assert.False(TimeoutField.TryParse(field, out _));
    }

    [Theory]
    [InlineData(-5, "100n")]
    [InlineData(0, "100n")]
    [InlineData(1, "100n")]
    [InlineData(999_999, "99999900n")]
    [InlineData(1_000_000, "100000u")]
    [InlineData(1_000_000_001, "100001m")]
    [InlineData(999_999_990, "99999999u")]
    [InlineData(TimeSpan.TicksPerDay * 2, "172800S")]
    [InlineData(long.MaxValue, "99999999H")]
    public void The_finest_unit_with_room_is_used_and_rounded_up(long ticks, string field)
    {
        Assert.Equal(field, TimeoutField.Format(TimeSpan.FromTicks(ticks)));
    }
}

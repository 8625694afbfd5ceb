using Florist.Kernel;

namespace Florist.Tests.Kernel;

public class ProtoValuesTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(12345, 123, 450_000_000)]
    [InlineData(-5, 0, -50_000_000)]
    [InlineData(-12345, -123, -450_000_000)]
    public void Money_keeps_its_minor_units(long minor, long units, int nanos)
    {
        Money money = new(minor, "GBP");
        Google.Type.Money message = money.ToProto();
        Assert.Equal((units, nanos), (message.Units, message.Nanos));
        FieldChecks checks = new();
        Assert.Equal(money, ProtoValues.ReadMoney(message, "price", checks));
        Assert.True(checks.Passed);
    }

    [Theory]
    [InlineData("gbp", 1, 0, "CURRENCY_INVALID")]
    [InlineData("", 1, 0, "CURRENCY_INVALID")]
    [InlineData("GBP", 1, -10_000_000, "AMOUNT_INVALID")]
    [InlineData("GBP", 1, 1, "AMOUNT_INVALID")]
    [InlineData("GBP", 1, 1_000_000_000, "AMOUNT_INVALID")]
    [InlineData("GBP", 0, int.MinValue, "AMOUNT_INVALID")]
    [InlineData("GBP", long.MaxValue, 0, "AMOUNT_INVALID")]
    public void Odd_amounts_are_refused_not_rounded(string currency, long units, int nanos, string reason)
    {
        FieldChecks checks = new();
        Google.Type.Money message = new() { CurrencyCode = currency, Units = units, Nanos = nanos };
        Assert.Null(ProtoValues.ReadMoney(message, "price", checks));
        Assert.Equal(reason, checks.Fault?.Reason);
    }

    [Theory]
    [InlineData(2024, 2, 29, true)]
    [InlineData(2023, 2, 29, false)]
    [InlineData(2023, 13, 1, false)]
    [InlineData(0, 2, 1, false)]
    [InlineData(2023, 2, 0, false)]
    public void A_day_is_a_day_of_the_calendar(int year, int month, int day, bool isOne)
    {
        FieldChecks checks = new();
        Google.Type.Date message = new() { Year = year, Month = month, Day = day };
        Assert.Equal(isOne ? new DateOnly(year, month, day) : null, ProtoValues.ReadDay(message, "day", checks));
        Assert.Equal(isOne, checks.Passed);
    }

    [Fact]
    public void An_absent_day_is_no_mistake()
    {
        FieldChecks checks = new();
        Assert.Null(ProtoValues.ReadDay(null, "day", checks));
        Assert.Null(ProtoValues.ReadDay(new Google.Type.Date(), "day", checks));
        Assert.True(checks.Passed);
    }
}

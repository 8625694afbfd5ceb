using Florist.Orders;

namespace Florist.Tests.Orders.Payments;

public sealed class PaymentKeyTests
{
    [Theory]
    [InlineData(PaymentAct.Authorize, 1, "o1:authorize")]
    [InlineData(PaymentAct.Authorize, 2, "o1:authorize:2")]
    [InlineData(PaymentAct.Capture, 1, "o1:capture")]
    [InlineData(PaymentAct.Release, 1, "o1:release")]
    [InlineData(PaymentAct.Refund, 12, "o1:refund:12")]
    public void A_key_reads_as_it_was_written(PaymentAct act, int number, string text)
    {
        PaymentKey key = new(new OrderId("o1"), act, number);

        Assert.Equal(text, key.ToString());
        Assert.Equal(key, PaymentKey.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("o1")]
    [InlineData(":capture")]
    [InlineData("o1:Capture")]
    [InlineData("o1:1")]
    [InlineData("o1:steal")]
    [InlineData("o1:refund:1")]
    [InlineData("o1:refund:-2")]
    [InlineData("o1:refund:2:3")]
    [InlineData("o1:confirmed")]
    public void What_is_no_key_is_none(string text) => Assert.Null(PaymentKey.Parse(text));
}

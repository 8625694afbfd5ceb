using System.Text;
using Florist.Adapters.Payments;

namespace Florist.Tests.Adapters.Payments;

public sealed class PaymentSignatureTests
{
    private const string KnownMac = "874a1930659d56141f6d4866e59bdf7354ed8b5dbef5f61f2fb589f63a723630";

    private static readonly DateTimeOffset At = new(2026, 6, 10, 8, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"key\":\"o1:capture\"}");
    private static readonly PaymentSignature Ours =
        new(Encoding.UTF8.GetBytes("a secret of our own"), TimeSpan.FromMinutes(5));

    [Fact]
    public void A_signature_is_the_hmac_of_the_time_and_the_body()
    {
        // Computed with: printf '1781078400.{"key":"o1:capture"}' | openssl dgst -sha256 -hmac 'a secret of our own'
        string signature = Ours.Sign(Body, At);

        Assert.StartsWith("t=1781078400,v1=", signature, StringComparison.Ordinal);
        Assert.Equal(KnownMac, signature[^64..]);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(-300, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public void A_signature_holds_for_five_minutes_either_way(int secondsLater, bool holds) =>
        Assert.Equal(holds, Ours.Verifies(Ours.Sign(Body, At), Body, At.AddSeconds(secondsLater)));

    [Fact]
    public void Another_body_another_secret_and_another_time_are_refused()
    {
        string signature = Ours.Sign(Body, At);
        PaymentSignature theirs = new(Encoding.UTF8.GetBytes("a secret of theirs!"), TimeSpan.FromMinutes(5));

        Assert.False(Ours.Verifies(signature, [.. Body, (byte)' '], At));
        Assert.False(Ours.Verifies(theirs.Sign(Body, At), Body, At));
        Assert.False(Ours.Verifies(signature.Replace("t=1781078400", "t=1781078401"), Body, At));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("v1=00")]
    [InlineData("t=1781078400")]
    [InlineData("t=1781078400,v1=")]
    [InlineData("t=1781078400,v1=zz")]
    [InlineData("t=-1,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("t=99999999999999999999,v1=0000000000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_signature_is_refused(string? signature) =>
        Assert.False(Ours.Verifies(signature, Body, At));
}

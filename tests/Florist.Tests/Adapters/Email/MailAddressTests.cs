using Florist.Adapters.Email;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Email;

public class MailAddressTests
{
    [Theory]
    [InlineData("ana@customer.example", "ana@customer.example")]
    [InlineData("a.b+tulips=x@customer.example", "a.b+tulips=x@customer.example")]
    [InlineData("ana@blümen.example", "ana@xn--blmen-lva.example")]
    [InlineData("ana@例え.テスト", "ana@xn--r8jz45g.xn--zckzah")]
    [InlineData("a..b@carrier.example", "\"a..b\"@carrier.example")]
    [InlineData("a.@carrier.example", "\"a.\"@carrier.example")]
    [InlineData("\"a b\"@customer.example", "\"a b\"@customer.example")]
    [InlineData("\"a\\\"b@c\"@customer.example", "\"a\\\"b@c\"@customer.example")]
    [InlineData("\"ana\"@customer.example", "ana@customer.example")]
    [InlineData("ana@localhost", "ana@localhost")]
    public void An_address_is_written_in_ascii_and_quoted_where_needed(string address, string written) =>
        Assert.Equal(written, MailAddress.Parse(address).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("ana")]
    [InlineData("@customer.example")]
    [InlineData("ana@")]
    [InlineData("ana b@customer.example")]
    [InlineData("ana>@customer.example")]
    [InlineData("ana@b@customer.example")]
    [InlineData("анна@customer.example")]
    [InlineData("ana@customer..example")]
    [InlineData("ana@.example")]
    [InlineData("ana@exa mple")]
    [InlineData("ana@example.")]
    [InlineData("ana@exa_mple")]
    [InlineData("ana@example>")]
    [InlineData("ana\r\nRCPT TO:<x>@customer.example")]
    [InlineData("ana@customer.example\r\n")]
    [InlineData("\"ana\"b\"@customer.example")]
    [InlineData("\"ana\\\"@customer.example")]
    public void An_address_that_cannot_exist_is_refused(string address) =>
        Assert.Equal(
            SendProblem.InvalidAddress,
            Assert.Throws<UnwritableMailException>(() => MailAddress.Parse(address)).Problem);

    [Fact]
    public void The_part_before_the_at_has_at_most_64_characters()
    {
        Assert.Equal(64, MailAddress.Parse(new string('a', 64) + "@b.example").Local.Length);
        Assert.Throws<UnwritableMailException>(() => MailAddress.Parse(new string('a', 65) + "@b.example"));
    }
}

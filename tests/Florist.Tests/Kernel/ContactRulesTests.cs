using Florist.Kernel;

namespace Florist.Tests.Kernel;

public class ContactRulesTests
{
    [Theory]
    [InlineData("anna@example.org", "anna@example.org")]
    [InlineData("  anna@example.org ", "anna@example.org")]
    [InlineData("Anna.Lee+flowers@Example.ORG", "Anna.Lee+flowers@example.org")]
    [InlineData("o'neil_1@mail-2.example.co.uk", "o'neil_1@mail-2.example.co.uk")]
    [InlineData("anna@bücher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@BÜCHER.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@bu\u0308cher.example", "anna@xn--bcher-kva.example")]
    [InlineData("anna@例え.jp", "anna@xn--r8jz45g.jp")]
    public void A_mailbox_has_one_spelling(string told, string kept)
    {
        Assert.True(ContactRules.TryEmail(told, out string email));
        Assert.Equal(kept, email);
    }

    [Theory]
    [InlineData("")]
    [InlineData("anna")]
    [InlineData("@example.org")]
    [InlineData("anna@")]
    [InlineData("anna@localhost")]
    [InlineData("anna@example..org")]
    [InlineData("anna@.example.org")]
    [InlineData("anna@-example.org")]
    [InlineData("anna@example-.org")]
    [InlineData("anna@exam_ple.org")]
    [InlineData("anna@192.168.0.1")]
    [InlineData("anna@[192.168.0.1]")]
    [InlineData(".anna@example.org")]
    [InlineData("anna.@example.org")]
    [InlineData("an..na@example.org")]
    [InlineData("an na@example.org")]
    [InlineData("\"anna lee\"@example.org")]
    [InlineData("anna@lee@example.org")]
    [InlineData("ánna@example.org")]
    [InlineData("anna@example.org\r\nBcc: x@example.org")]
    [InlineData("anna@example.org,bob@example.org")]
    public void What_is_no_mailbox_is_refused(string told) => Assert.False(ContactRules.TryEmail(told, out _));

    [Fact]
    public void Lengths_end_at_64_before_and_254_in_all()
    {
        string local = new('a', 64);
        Assert.True(ContactRules.TryEmail($"{local}@example.org", out _));
        Assert.False(ContactRules.TryEmail($"a{local}@example.org", out _));

        // 64 + @ + 189 = 254
        string domain = $"{new string('b', 63)}.{new string('c', 63)}.{new string('d', 57)}.org";
        Assert.True(ContactRules.TryEmail($"{local}@{domain}", out string longest));
        Assert.Equal(254, longest.Length);
        Assert.False(ContactRules.TryEmail($"{local}@d{domain}", out _));
    }

    [Theory]
    [InlineData("+447700900123", "+447700900123")]
    [InlineData(" +44 7700 900-123 ", "+447700900123")]
    [InlineData("+1 (212) 555.0123", "+12125550123")]
    [InlineData("+3225550123", "+3225550123")]
    [InlineData("+1234567", "+1234567")]
    [InlineData("+123456789012345", "+123456789012345")]
    public void A_telephone_has_one_spelling(string told, string kept)
    {
        Assert.True(ContactRules.TryPhone(told, out string phone));
        Assert.Equal(kept, phone);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("07700900123")]
    [InlineData("00447700900123")]
    [InlineData("+047700900123")]
    [InlineData("+44 (0)7700 900123")]
    [InlineData("+123456")]
    [InlineData("+1234567890123456")]
    [InlineData("+44+7700900123")]
    [InlineData("+44 7700 900123 ext 5")]
    [InlineData("+44٧٧٠٠٩٠٠١٢٣")]
    public void What_is_no_telephone_number_with_country_code_is_refused(string told) =>
        Assert.False(ContactRules.TryPhone(told, out _));
}

using Florist.Kernel;

namespace Florist.Tests.Kernel;

public class FieldReadsTests
{
    private readonly FieldChecks checks = new();

    private enum Colour
    {
        Red,
        White,
    }

    [Theory]
    [InlineData(-1, null)]
    [InlineData(0, null)]
    [InlineData(1, "Red")]
    [InlineData(2, "White")]
    [InlineData(3, null)]
    public void A_number_of_the_contract_is_one_above_our_own(int number, string? own) =>
        Assert.Equal(own, FieldReads.Known<Colour>(number)?.ToString());

    [Theory]
    [InlineData(0, null, "Red", "REQUIRED")]
    [InlineData(2, null, "White", null)]
    [InlineData(3, "VALUE_UNKNOWN", "Red", "VALUE_UNKNOWN")]
    public void Unset_is_our_first_value_unless_it_is_required(
        int number, string? wrong, string own, string? wrongWhenRequired)
    {
        Assert.Equal(own, FieldReads.Choice<Colour>("colour", number, checks).ToString());
        Assert.Equal(wrong, Reason(checks));

        FieldChecks strict = new();
        FieldReads.Required<Colour>("colour", number, strict);
        Assert.Equal(wrongWhenRequired, Reason(strict));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData(" ", null, null)]
    [InlineData("+44 7700 900123", "+447700900123", null)]
    [InlineData("07700 900123", null, "PHONE_INVALID")]
    public void An_absent_number_is_none_and_a_wrong_one_is_told(string value, string? phone, string? wrong)
    {
        Assert.Equal(phone, FieldReads.Phone("phone", value, checks));
        Assert.Equal(wrong, Reason(checks));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("anna@Example.org", "anna@example.org", null)]
    [InlineData("anna", null, "EMAIL_INVALID")]
    public void An_absent_address_is_none_and_a_wrong_one_is_told(string value, string? email, string? wrong)
    {
        Assert.Equal(email, FieldReads.Email("email", value, checks));
        Assert.Equal(wrong, Reason(checks));
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("Europe/London", "Europe/London", null)]
    [InlineData("London", "", "TIME_ZONE_UNKNOWN")]
    public void A_zone_is_one_of_the_time_zone_database(string value, string zone, string? wrong)
    {
        Assert.Equal(zone, FieldReads.Zone("time_zone", value, checks));
        Assert.Equal(wrong, Reason(checks));
    }

    private static string? Reason(FieldChecks checks) => checks.Fault?.Fields.Single().Reason;
}

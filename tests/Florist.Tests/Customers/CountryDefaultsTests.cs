using Florist.Customers;
using Florist.Kernel;

namespace Florist.Tests.Customers;

public class CountryDefaultsTests
{
    [Fact]
    public void Every_listed_country_has_a_known_zone_and_a_language_of_its_own()
    {
        Assert.All(CountryDefaults.Countries, country =>
        {
            Assert.True(Regions.Known(country), country);
            Assert.True(Zones.Known(CountryDefaults.ZoneOf(country)), country);
            Assert.True(LanguageTags.TryRead(CountryDefaults.LanguageOf(country), out string tag), country);
            Assert.Equal(tag, CountryDefaults.LanguageOf(country));
        });
    }

    [Theory]
    [InlineData("DE", "Europe/Berlin", "de-DE")]
    [InlineData("US", "America/New_York", "en-US")]
    [InlineData("IE", "Europe/Dublin", "en-IE")]
    [InlineData("AQ", "Europe/London", "en-GB")]
    public void A_country_gives_zone_and_language_and_others_get_the_shops(string country, string zone, string language)
    {
        Assert.Equal(zone, CountryDefaults.ZoneOf(country));
        Assert.Equal(language, CountryDefaults.LanguageOf(country));
    }
}

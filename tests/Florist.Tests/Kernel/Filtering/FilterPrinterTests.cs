using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

public sealed class FilterPrinterTests
{
    [Theory]
    [InlineData("name='a\"*\\*\\n'", "name = \"a\\\"*\\*\\n\"")]
    [InlineData("total>=49.90", "total >= 49.9")]
    [InlineData("total=-0.01", "total = -0.01")]
    [InlineData("weight<1.500", "weight < 1.5")]
    [InlineData("delay=\"1.50s\"", "delay = 1.5s")]
    [InlineData("create_time<2026-02-14T10:30:00.250+01:00", "create_time < 2026-02-14T09:30:00.25Z")]
    [InlineData("delivery_date='2026-02-14'", "delivery_date = 2026-02-14")]
    [InlineData("gift!=true", "gift != true")]
    [InlineData("state=\"PENDING\"", "state = PENDING")]
    [InlineData("-(NOT(tags : vip))", "NOT (NOT tags:\"vip\")")]
    [InlineData("((stems=1) OR stems=2)AND(gift:*)", "stems = 1 OR stems = 2 AND gift:*")]
    [InlineData("stems=1 OR (stems=2 AND gift:*)", "stems = 1 OR (stems = 2 AND gift:*)")]
    public void Spellings_of_one_filter_are_printed_alike(string filter, string printed)
    {
        FilterExpression read = FilterSamples.Parse(filter);

        Assert.Equal(printed, read.ToFilterText());
        Assert.Equal(read, FilterSamples.Parse(printed));
    }

    [Fact]
    public void The_filter_that_holds_for_everything_is_printed_as_nothing()
    {
        Assert.Equal("", FilterSamples.Parse(" ").ToFilterText());
    }
}

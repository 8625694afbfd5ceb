using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

public sealed class FilterEvaluatorTests
{
    [Theory]
    [InlineData("Ada", "name=Ada", true)]
    [InlineData("ada", "name=Ada", false)]
    [InlineData("Ada", "name=A*", true)]
    [InlineData("A", "name=A*", true)]
    [InlineData("A", "name=A*A", false)]
    [InlineData("AA", "name=A*A", true)]
    [InlineData("abcbd", "name=a*b*d", true)]
    [InlineData("abd", "name=a*b*bd", false)]
    [InlineData("abab", "name=*ab*ab", true)]
    [InlineData("aba", "name=*ab*ba", false)]
    [InlineData("xxabxx", "name=*ab*", true)]
    [InlineData("a*b", "name=\"a\\*b\"", true)]
    [InlineData("axb", "name=\"a\\*b\"", false)]
    [InlineData("Ada", "name!=A*", false)]
    [InlineData("Eva", "name!=A*", true)]
    [InlineData("a\nb", "name=a*b", true)]
    [InlineData("b", "name>a", true)]
    [InlineData("a", "name<\"aa\"", true)]
    [InlineData("Z", "name<a", true)]
    [InlineData("🌹", "name>\uFFFD", true)]
    [InlineData("\uFFFD", "name>🌹", false)]
    [InlineData("🌹", "name<🌺", true)]
    public void Texts_are_compared_by_code_point(string held, string filter, bool expected)
    {
        Assert.Equal(expected, Matches(filter, new FilterValue.Text(held)));
    }

    [Theory]
    [InlineData("name=Ada")]
    [InlineData("name=*")]
    [InlineData("name<zzz")]
    [InlineData("name>=\" \"")]
    [InlineData("stems<=5")]
    [InlineData("gift=false")]
    [InlineData("tags:vip")]
    [InlineData("name:*")]
    [InlineData("NOT name!=Ada")]
    public void An_absent_field_passes_no_comparison(string filter)
    {
        Assert.False(Matches(filter, null));
        Assert.True(Matches($"NOT ({filter})", null));
    }

    [Theory]
    [InlineData("name!=Ada")]
    [InlineData("name!=*")]
    [InlineData("state!=PENDING")]
    [InlineData("NOT stems>5")]
    [InlineData("")]
    public void An_absent_field_is_unequal_to_everything(string filter)
    {
        Assert.True(Matches(filter, null));
    }

    [Fact]
    public void An_empty_set_is_absent()
    {
        Assert.False(Matches("tags:*", new FilterValue.TextSet([])));
        Assert.True(Matches("tags:*", new FilterValue.TextSet(["vip"])));
    }

    [Theory]
    [InlineData("tags:vip", true)]
    [InlineData("tags:VIP", false)]
    [InlineData("tags:vi", false)]
    [InlineData("-tags:vip", false)]
    [InlineData("tags:vip AND tags:new", true)]
    [InlineData("tags:vip AND tags:old", false)]
    [InlineData("tags:old OR tags:new", true)]
    public void A_set_has_its_members(string filter, bool expected)
    {
        Assert.Equal(expected, Matches(filter, new FilterValue.TextSet(["new", "vip"])));
    }

    [Fact]
    public void A_value_of_another_type_is_a_bug()
    {
        Assert.Throws<InvalidOperationException>(() => Matches("stems=1", new FilterValue.Text("1")));
        Assert.Throws<InvalidOperationException>(() => Matches("tags:vip", new FilterValue.Text("vip")));
    }

    private static bool Matches(string filter, FilterValue? held) => FilterSamples.Parse(filter).Matches(_ => held);
}

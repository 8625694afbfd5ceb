using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

public sealed class FilterParserTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\t\r\n")]
    public void A_blank_filter_holds_for_everything(string filter)
    {
        Assert.IsType<FilterExpression.Everything>(FilterSamples.Parse(filter));
    }

    // The right column is the same filter with every parenthesis written out.
    [Theory]
    [InlineData("stems=1 AND stems=2 OR stems=3", "stems=1 AND (stems=2 OR stems=3)")]
    [InlineData("stems=1 OR stems=2 AND stems=3", "(stems=1 OR stems=2) AND stems=3")]
    [InlineData(
        "stems=1 OR stems=2 AND stems=3 OR stems=4", "(stems=1 OR stems=2) AND (stems=3 OR stems=4)")]
    [InlineData("NOT stems=1 AND stems=2", "(NOT stems=1) AND stems=2")]
    [InlineData("NOT stems=1 OR stems=2", "(NOT stems=1) OR stems=2")]
    [InlineData("-stems=1", "NOT stems=1")]
    [InlineData("-(stems=1 OR stems=2)", "NOT(stems=1 OR stems=2)")]
    [InlineData("((stems=1))", "stems=1")]
    [InlineData("  stems  =  1  ", "stems=1")]
    [InlineData("stems\n=\t1", "stems=1")]
    [InlineData("(stems=1)AND(stems=2)", "stems=1 AND stems=2")]
    public void Or_binds_tighter_than_and_and_not_tightest(string filter, string sameFilter)
    {
        Assert.Equal(FilterSamples.Parse(sameFilter), FilterSamples.Parse(filter));
    }

    [Fact]
    public void Operands_of_one_chain_stay_together_in_order()
    {
        FilterExpression.And all = Assert.IsType<FilterExpression.And>(
            FilterSamples.Parse("stems=1 AND stems=2 AND (stems=3 AND stems=4)"));

        Assert.Equal(3, all.Operands.Length);
        Assert.Equal(FilterSamples.Parse("stems=2"), all.Operands[1]);
        Assert.IsType<FilterExpression.And>(all.Operands[2]);
    }

    [Theory]
    [InlineData("stems = 5", FilterOperator.Equal)]
    [InlineData("stems!=5", FilterOperator.NotEqual)]
    [InlineData("stems<5", FilterOperator.Less)]
    [InlineData("stems <= 5", FilterOperator.LessOrEqual)]
    [InlineData("stems>5", FilterOperator.Greater)]
    [InlineData("stems>=5", FilterOperator.GreaterOrEqual)]
    public void Every_comparison_is_read(string filter, FilterOperator op)
    {
        FilterExpression expected = new FilterExpression.Comparison(
            FilterField.Integer("stems"), op, new FilterValue.Integer(5));

        Assert.Equal(expected, FilterSamples.Parse(filter));
    }

    [Theory]
    [InlineData("name:*")]
    [InlineData("tags:*")]
    [InlineData("gift : *")]
    [InlineData("address.city:*")]
    public void A_colon_and_a_star_ask_for_presence(string filter)
    {
        Assert.IsType<FilterExpression.Presence>(FilterSamples.Parse(filter));
    }

    [Theory]
    [InlineData("stems=1 stems=2", 9)]
    [InlineData("(stems=1 stems=2)", 10)]
    [InlineData("stems=1 AND", 12)]
    [InlineData("AND stems=1", 1)]
    [InlineData("stems=1 OR AND stems=2", 12)]
    [InlineData("stems=1 and stems=2", 9)]
    [InlineData("(stems=1", 1)]
    [InlineData("stems=1)", 8)]
    [InlineData("()", 2)]
    [InlineData("NOT", 4)]
    [InlineData("NOT NOT stems=1", 5)]
    [InlineData("--stems=1", 2)]
    [InlineData("NOT -stems=1", 5)]
    [InlineData("stems", 6)]
    [InlineData("stems=", 7)]
    [InlineData("stems==1", 7)]
    [InlineData("stems=<1", 7)]
    [InlineData("stems<>1", 7)]
    [InlineData("stems!1", 6)]
    [InlineData("stems ! = 1", 7)]
    [InlineData("=1", 1)]
    [InlineData("stems=(1 OR 2)", 7)]
    [InlineData("name=AND", 6)]
    [InlineData("\"name\"=Ada", 1)]
    [InlineData("regex(name)", 1)]
    [InlineData("name=Ada,stems=1", 9)]
    [InlineData("name=\"Ada", 6)]
    [InlineData("name='Ada\"", 6)]
    [InlineData("name=\"Ada\\\"", 6)]
    [InlineData("name=\"A\\da\"", 8)]
    [InlineData("name=A\\*", 7)]
    [InlineData("name=a:b", 7)]
    public void A_filter_outside_the_grammar_is_refused_at_its_place(string filter, int position)
    {
        Fault fault = FilterSamples.Refuse(filter);

        Assert.Equal(FaultKind.Invalid, fault.Kind);
        Assert.Equal("filter", fault.Fields.Single().Field);
        Assert.Equal((FilterSchema.SyntaxReason, $"{position}"), (fault.Reason, fault.Values["position"]));
        Assert.Contains($"character {position}:", fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Positions_count_code_points()
    {
        // Each flower is two UTF-16 units.
        Assert.Equal("15", FilterSamples.Refuse("name=\"🌹🌷\" AND )").Values["position"]);
        Assert.Equal("14", FilterSamples.Refuse("name=\"🌹🌷\" AND)").Values["position"]);
    }

    [Fact]
    public void Control_characters_and_halves_of_characters_are_refused()
    {
        // An attribute could not hold these: its text is stored as UTF-8.
        foreach (char wrong in (char[])['\u0000', '\u000B', '\u007F', '\u0085', '\uD800', '\uDC00'])
        {
            Assert.Equal(FilterSchema.SyntaxReason, FilterSamples.Refuse($"name=\"a{wrong}\"").Reason);
            Assert.Equal(FilterSchema.SyntaxReason, FilterSamples.Refuse($"{wrong}name=a").Reason);
        }
    }
}

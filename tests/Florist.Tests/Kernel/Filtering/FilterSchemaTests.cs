using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

public sealed class FilterSchemaTests
{
    [Theory]
    [InlineData("colour=red", 1)]
    [InlineData("stems=1 AND colour=red", 13)]
    [InlineData("Name=Ada", 1)]
    [InlineData("name.first=Ada", 1)]
    [InlineData("address=Bern", 1)]
    [InlineData("address.=Bern", 1)]
    [InlineData(".city=Bern", 1)]
    [InlineData("na*=Ada", 1)]
    [InlineData("5=stems", 1)]
    [InlineData("colour:*", 1)]
    public void An_undeclared_field_is_refused(string filter, int position)
    {
        Fault fault = FilterSamples.Refuse(filter);

        Assert.Equal((FilterSchema.UnknownFieldReason, $"{position}"), (fault.Reason, fault.Values["position"]));
    }

    [Fact]
    public void The_refusal_of_a_field_names_all_that_there_are_and_never_the_callers_word()
    {
        Fault fault = FilterSamples.Refuse("ada_lovelace=1");

        Assert.StartsWith("address.city, create_time, delay", fault.Values["fields"], StringComparison.Ordinal);
        Assert.DoesNotContain("lovelace", fault.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gift<true", 5)]
    [InlineData("gift>=false", 5)]
    [InlineData("gift:true", 5)]
    [InlineData("state<PENDING", 6)]
    [InlineData("state >= PENDING", 7)]
    [InlineData("state:PENDING", 6)]
    [InlineData("tags=vip", 5)]
    [InlineData("tags!=vip", 5)]
    [InlineData("tags<vip", 5)]
    [InlineData("name:Ada", 5)]
    [InlineData("stems:1", 6)]
    [InlineData("name:\"*\"", 5)]
    public void An_operator_that_the_type_lacks_is_refused(string filter, int position)
    {
        Fault fault = FilterSamples.Refuse(filter);

        Assert.Equal((FilterSchema.OperatorReason, $"{position}"), (fault.Reason, fault.Values["position"]));
    }

    [Theory]
    [InlineData("name<Ad*")]
    [InlineData("name>=\"*da\"")]
    [InlineData("tags:v*")]
    [InlineData("tags:\"*\"")]
    [InlineData("name=\"\"")]
    [InlineData("tags:''")]
    public void A_text_that_the_operator_cannot_use_is_refused(string filter)
    {
        Assert.Equal(FilterSchema.ValueReason, FilterSamples.Refuse(filter).Reason);
    }

    [Theory]
    [InlineData(2_000, true)]
    [InlineData(2_001, false)]
    public void A_filter_has_at_most_2000_code_points(int length, bool fits)
    {
        // Flowers are two UTF-16 units each: the limit does not count those.
        string filter = $"name=\"{string.Concat(Enumerable.Repeat("🌹", length - 7))}\"";

        AssertLimit(FilterSamples.Schema, filter, fits);
    }

    [Theory]
    [InlineData(50, true)]
    [InlineData(51, false)]
    public void A_filter_has_at_most_50_comparisons(int terms, bool fits)
    {
        AssertLimit(FilterSamples.Schema, string.Join(" OR ", Enumerable.Repeat("stems=1", terms)), fits);
        AssertLimit(FilterSamples.Schema, string.Join(" AND ", Enumerable.Repeat("-gift:*", terms)), fits);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void A_filter_has_at_most_20_open_parentheses(int depth, bool fits)
    {
        string nested = new string('(', depth) + "stems=1" + new string(')', depth);

        AssertLimit(FilterSamples.Schema, nested, fits);
        AssertLimit(FilterSamples.Schema, $"{nested} AND {nested}", fits);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void A_literal_has_at_most_4_wildcards(int wildcards, bool fits)
    {
        AssertLimit(FilterSamples.Schema, "name=a" + string.Concat(Enumerable.Repeat("*b", wildcards)), fits);
    }

    [Fact]
    public void A_schema_can_set_limits_of_its_own()
    {
        FilterSchema strict = new(FilterField.Integer("stems"), FilterField.Text("name"))
        {
            LengthMax = 25,
            TermsMax = 2,
            DepthMax = 1,
            WildcardsMax = 1,
        };

        AssertLimit(strict, "(stems=1) AND (stems=2)  ", fits: true);
        AssertLimit(strict, "(stems=1) AND (stems=2)   ", fits: false);
        AssertLimit(strict, "((stems=1))", fits: false);
        AssertLimit(strict, "stems=1 OR -stems=2 -name=", fits: false);
        AssertLimit(strict, "name=a*b*", fits: false);
    }

    [Fact]
    public void Megabytes_of_parentheses_are_refused_without_a_stack_overflow()
    {
        FilterSchema generous = new(FilterField.Integer("stems")) { LengthMax = int.MaxValue };

        Assert.Equal(FilterSchema.LimitReason, FilterSamples.Refuse(generous, new string('(', 1_000_000)).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Name")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a\n")]
    [InlineData("1st")]
    public void A_schema_takes_only_paths_of_lower_snake_case_names(string path)
    {
        Assert.Throws<ArgumentException>(() => FilterField.Text(path));
    }

    [Fact]
    public void A_schema_with_a_path_twice_is_a_bug()
    {
        Assert.Throws<ArgumentException>(() => new FilterSchema(FilterField.Text("a"), FilterField.Integer("a")));
    }

    private static void AssertLimit(FilterSchema schema, string filter, bool fits)
    {
        if (fits)
        {
            FilterSamples.Parse(schema, filter);
        }
        else
        {
            Assert.Equal(FilterSchema.LimitReason, FilterSamples.Refuse(schema, filter).Reason);
        }
    }
}

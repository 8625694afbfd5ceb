using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

public sealed class OrderByTests
{
    private static readonly OrderBySchema Schema = new("a", "b", "c", "d", "e", "f", "address.city", "create_time");

    [Theory]
    [InlineData("", "")]
    [InlineData(" \t ", "")]
    [InlineData("a", "a+")]
    [InlineData("create_time desc", "create_time-")]
    [InlineData("create_time desc,a", "create_time- a+")]
    [InlineData("  address.city   desc ,\ta ", "address.city- a+")]
    [InlineData("a,b,c,d,e", "a+ b+ c+ d+ e+")]
    public void An_order_is_read(string orderBy, string expected)
    {
        bool failed = Schema.Parse(orderBy).Failed(out Fault? fault, out ImmutableArray<OrderTerm> terms);

        Assert.False(failed, fault?.Text);
        Assert.Equal(expected, string.Join(' ', terms.Select(term => term.Field + (term.IsDescending ? "-" : "+"))));
    }

    [Theory]
    [InlineData(",", OrderBySchema.SyntaxReason, "1")]
    [InlineData("a,", OrderBySchema.SyntaxReason, "2")]
    [InlineData("a,,b", OrderBySchema.SyntaxReason, "2")]
    [InlineData("a asc", OrderBySchema.SyntaxReason, "1")]
    [InlineData("a DESC", OrderBySchema.SyntaxReason, "1")]
    [InlineData("a desc desc", OrderBySchema.SyntaxReason, "1")]
    [InlineData("a b", OrderBySchema.SyntaxReason, "1")]
    [InlineData("desc", OrderBySchema.UnknownFieldReason, "1")]
    [InlineData("a, colour desc", OrderBySchema.UnknownFieldReason, "2")]
    [InlineData("A", OrderBySchema.UnknownFieldReason, "1")]
    [InlineData("address", OrderBySchema.UnknownFieldReason, "1")]
    [InlineData("a; DROP", OrderBySchema.SyntaxReason, "1")]
    [InlineData("-a", OrderBySchema.UnknownFieldReason, "1")]
    public void A_faulty_order_is_refused_with_the_number_of_its_term(string orderBy, string reason, string term)
    {
        Fault fault = Refuse(orderBy);

        Assert.Equal((FaultKind.Invalid, reason), (fault.Kind, fault.Reason));
        Assert.Equal(("order_by", term), (fault.Fields.Single().Field, fault.Values["term"]));
    }

    [Theory]
    [InlineData("a,a")]
    [InlineData("a,b,a desc")]
    public void A_field_counts_once(string orderBy)
    {
        Fault fault = Refuse(orderBy);

        Assert.Equal((OrderBySchema.RepeatedFieldReason, "a"), (fault.Reason, fault.Values["field"]));
    }

    [Fact]
    public void There_are_at_most_5_fields_and_500_characters()
    {
        Assert.Equal(OrderBySchema.LimitReason, Refuse("a,b,c,d,e,f").Reason);
        Assert.Equal(OrderBySchema.LimitReason, Refuse("a" + new string(' ', 500)).Reason);
        Assert.False(Schema.Parse("a" + new string(' ', 499)).Failed(out _, out _));
    }

    private static Fault Refuse(string orderBy)
    {
        bool failed = Schema.Parse(orderBy).Failed(out Fault? fault, out _);
        Assert.True(failed, $"'{orderBy}' was read");
        return fault ?? throw new InvalidOperationException("an outcome that failed has a fault");
    }
}

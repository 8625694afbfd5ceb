using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

/// <summary>A schema with a field of every type, and short ways to parse with it.</summary>
internal static class FilterSamples
{
    public static readonly FilterSchema Schema = new(
        FilterField.Text("name"),
        FilterField.Text("address.city"),
        FilterField.TextSet("tags"),
        FilterField.Integer("stems"),
        FilterField.Decimal("weight", 3),
        FilterField.Money("total"),
        FilterField.Date("delivery_date"),
        FilterField.Timestamp("create_time"),
        FilterField.Duration("delay"),
        FilterField.Boolean("gift"),
        FilterField.Enum("state", "PENDING", "DELIVERED"));

    public static FilterExpression Parse(string filter) => Parse(Schema, filter);

    public static FilterExpression Parse(FilterSchema schema, string filter)
    {
        bool failed = schema.Parse(filter).Failed(out Fault? fault, out FilterExpression? expression);
        Assert.False(failed, $"{filter} => {fault?.Text}");
        return expression ?? throw new InvalidOperationException("an outcome without fault has a value");
    }

    /// <summary>The literal of a filter that is one comparison.</summary>
    public static FilterValue Literal(string filter) =>
        Assert.IsType<FilterExpression.Comparison>(Parse(filter)).Value;

    public static Fault Refuse(string filter) => Refuse(Schema, filter);

    public static Fault Refuse(FilterSchema schema, string filter)
    {
        bool failed = schema.Parse(filter).Failed(out Fault? fault, out FilterExpression? expression);
        Assert.True(failed, $"{filter} was read as {expression}");
        return fault ?? throw new InvalidOperationException("an outcome that failed has a fault");
    }
}

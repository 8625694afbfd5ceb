using System.Globalization;
using Florist.Kernel;

namespace Florist.Tests.Kernel.Filtering;

public sealed class FilterLiteralsTests
{
    [Theory]
    [InlineData("name=Ada", "Ada")]
    [InlineData("name=\"Ada Lovelace\"", "Ada Lovelace")]
    [InlineData("name='Ada \"L\"'", "Ada \"L\"")]
    [InlineData("name=\"it's\"", "it's")]
    [InlineData("name=\"a\\\"b\\\\c\\'d\\*e\\nf\\tg\"", "a\"b\\c'd*e\nf\tg")]
    [InlineData("name=\"a\r\nb\"", "a\nb")]
    [InlineData("name=8001", "8001")]
    [InlineData("name=true", "true")]
    [InlineData("name=-x", "-x")]
    [InlineData("name=a.b-c", "a.b-c")]
    [InlineData("name=\"AND\"", "AND")]
    [InlineData("name=Zu\u0308rich", "Z\u00FCrich")]
    [InlineData("name='Zu\u0308rich'", "Z\u00FCrich")]
    [InlineData("tags:vip", "vip")]
    [InlineData("tags:\"v*\"", null)]
    [InlineData("tags:\"v\\*\"", "v*")]
    public void Texts(string filter, string? text)
    {
        if (text is null)
        {
            Assert.Equal(FilterSchema.ValueReason, FilterSamples.Refuse(filter).Reason);
        }
        else
        {
            Assert.Equal(new FilterValue.Text(text), FilterSamples.Literal(filter));
        }
    }

    [Theory]
    [InlineData("name=*", "", "")]
    [InlineData("name=A*", "A", "")]
    [InlineData("name='*a b*c'", "", "a b", "c")]
    [InlineData("name=\"a\\**\"", "a*", "")]
    [InlineData("name!=**", "", "", "")]
    public void Texts_with_wildcards(string filter, params string[] segments)
    {
        Assert.Equal(new FilterValue.Pattern([.. segments]), FilterSamples.Literal(filter));
    }

    [Theory]
    [InlineData("0", 0L)]
    [InlineData("-0", 0L)]
    [InlineData("007", 7L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    public void Whole_numbers(string literal, long value)
    {
        Assert.Equal(new FilterValue.Integer(value), FilterSamples.Literal($"stems={literal}"));
    }

    [Theory]
    [InlineData("stems", "9223372036854775808")]
    [InlineData("stems", "-9223372036854775809")]
    [InlineData("stems", "1.0")]
    [InlineData("stems", "+1")]
    [InlineData("stems", "1e3")]
    [InlineData("stems", "0x1F")]
    [InlineData("stems", "1_000")]
    [InlineData("stems", "\u0661")]
    [InlineData("stems", "--1")]
    [InlineData("stems", "-")]
    [InlineData("stems", "\"1\"")]
    [InlineData("stems", "1*")]
    [InlineData("weight", "1.2345")]
    [InlineData("weight", "1.")]
    [InlineData("weight", ".5")]
    [InlineData("weight", "1e3")]
    [InlineData("weight", "12345678901234567890123456789")]
    [InlineData("weight", "NaN")]
    [InlineData("total", "1.234")]
    [InlineData("total", "92233720368547758.08")]
    [InlineData("total", "-92233720368547758.09")]
    [InlineData("total", "9999999999999999999999999999")]
    [InlineData("total", "5EUR")]
    [InlineData("gift", "TRUE")]
    [InlineData("gift", "1")]
    [InlineData("gift", "\"true\"")]
    [InlineData("state", "pending")]
    [InlineData("state", "LOST")]
    [InlineData("state", "P*")]
    [InlineData("delivery_date", "2026-02-29")]
    [InlineData("delivery_date", "2026-2-1")]
    [InlineData("delivery_date", "0000-01-01")]
    [InlineData("delivery_date", "2026-01-01T00:00:00Z")]
    [InlineData("delivery_date", "01.02.2026")]
    [InlineData("create_time", "2026-02-14")]
    [InlineData("create_time", "2026-02-14T09:30:00")]
    [InlineData("create_time", "2026-02-14T09:30Z")]
    [InlineData("create_time", "2026-02-14T24:00:00Z")]
    [InlineData("create_time", "2026-02-14T23:59:60Z")]
    [InlineData("create_time", "2026-02-30T00:00:00Z")]
    [InlineData("create_time", "2026-02-14T09:30:00.12345678Z")]
    [InlineData("create_time", "2026-02-14T09:30:00.Z")]
    [InlineData("create_time", "2026-02-14T09:30:00+24:00")]
    [InlineData("create_time", "2026-02-14T09:30:00+01:60")]
    [InlineData("create_time", "2026-02-14T09:30:00+0100")]
    [InlineData("create_time", "0001-01-01T00:00:00+00:01")]
    [InlineData("create_time", "9999-12-31T23:59:59-00:01")]
    [InlineData("delay", "20")]
    [InlineData("delay", "s")]
    [InlineData("delay", "20m")]
    [InlineData("delay", "20 s")]
    [InlineData("delay", "1.12345678s")]
    [InlineData("delay", "315576000001s")]
    public void A_literal_of_another_type_is_refused(string field, string literal)
    {
        Fault fault = FilterSamples.Refuse(literal.Contains(' ', StringComparison.Ordinal)
            ? $"{field}='{literal}'"
            : $"{field}={literal}");

        Assert.Equal(
            (FilterSchema.ValueReason, field, $"{field.Length + 2}"),
            (fault.Reason, fault.Values["field"], fault.Values["position"]));
    }

    [Theory]
    [InlineData("1.5", "1.5")]
    [InlineData("-0.125", "-0.125")]
    [InlineData("3", "3")]
    [InlineData("1234567890123456789012345.678", "1234567890123456789012345.678")]
    public void Decimals(string literal, string value)
    {
        decimal expected = decimal.Parse(value, CultureInfo.InvariantCulture);

        Assert.Equal(new FilterValue.Decimal(expected), FilterSamples.Literal($"weight={literal}"));
    }

    [Theory]
    [InlineData("49.90", 4_990L)]
    [InlineData("49.9", 4_990L)]
    [InlineData("49", 4_900L)]
    [InlineData("-0.01", -1L)]
    [InlineData("92233720368547758.07", long.MaxValue)]
    [InlineData("-92233720368547758.08", long.MinValue)]
    public void Money_is_kept_in_minor_units(string literal, long minor)
    {
        Assert.Equal(new FilterValue.Money(minor), FilterSamples.Literal($"total={literal}"));
    }

    [Theory]
    [InlineData(0, "500", 500L)]
    [InlineData(3, "1.25", 1_250L)]
    public void Money_has_the_decimals_of_its_currency(int decimals, string literal, long minor)
    {
        FilterSchema schema = new(FilterField.Money("total", decimals));

        FilterExpression.Comparison read = Assert.IsType<FilterExpression.Comparison>(
            FilterSamples.Parse(schema, $"total={literal}"));

        Assert.Equal(new FilterValue.Money(minor), read.Value);
    }

    [Theory]
    [InlineData("2024-02-29")]
    [InlineData("\"2026-12-31\"")]
    [InlineData("'0001-01-01'")]
    [InlineData("9999-12-31")]
    public void Days(string literal)
    {
        DateOnly day = DateOnly.ParseExact(literal.Trim('"', '\''), "yyyy-MM-dd", CultureInfo.InvariantCulture);

        Assert.Equal(new FilterValue.Date(day), FilterSamples.Literal($"delivery_date={literal}"));
    }

    [Theory]
    [InlineData("2026-02-14T09:30:00Z", "2026-02-14T09:30:00.0000000Z")]
    [InlineData("2026-02-14t09:30:00z", "2026-02-14T09:30:00.0000000Z")]
    [InlineData("\"2026-02-14T09:30:00+01:00\"", "2026-02-14T08:30:00.0000000Z")]
    [InlineData("2026-02-14T23:30:00-05:30", "2026-02-15T05:00:00.0000000Z")]
    [InlineData("2026-02-14T09:30:00+23:59", "2026-02-13T09:31:00.0000000Z")]
    [InlineData("2026-02-14T09:30:00.1234567Z", "2026-02-14T09:30:00.1234567Z")]
    [InlineData("2026-02-14T09:30:00.123456700Z", "2026-02-14T09:30:00.1234567Z")]
    [InlineData("2026-02-14T09:30:00.5Z", "2026-02-14T09:30:00.5000000Z")]
    [InlineData("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z")]
    public void Instants_are_kept_in_utc(string literal, string instant)
    {
        FilterValue.Timestamp time = Assert.IsType<FilterValue.Timestamp>(
            FilterSamples.Literal($"create_time>{literal}"));

        Assert.Equal(TimeSpan.Zero, time.Value.Offset);
        Assert.Equal(instant, time.Value.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("20s", 200_000_000L)]
    [InlineData("1.5s", 15_000_000L)]
    [InlineData("0.0000001s", 1L)]
    [InlineData("-0.5s", -5_000_000L)]
    [InlineData("315576000000s", 3_155_760_000_000_000_000L)]
    public void Lengths_of_time(string literal, long ticks)
    {
        Assert.Equal(new FilterValue.Duration(new TimeSpan(ticks)), FilterSamples.Literal($"delay={literal}"));
    }

    [Theory]
    [InlineData("state=PENDING", "PENDING")]
    [InlineData("state!=\"DELIVERED\"", "DELIVERED")]
    public void Names_of_enum_values(string filter, string name)
    {
        Assert.Equal(new FilterValue.Enum(name), FilterSamples.Literal(filter));
    }
}

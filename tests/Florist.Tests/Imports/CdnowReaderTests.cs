using Florist.Imports;
using Florist.Kernel;

namespace Florist.Tests.Imports;

public class CdnowReaderTests
{
    [Theory]
    [InlineData(" 00001 19970101  1   11.77")]
    [InlineData("00001\t19970101 1 11.77  ")]
    [InlineData("1 19970101 1 11.770")]
    public async Task A_line_is_a_purchase_however_it_is_spaced(string line) => Assert.Equal(
        new SourcePurchase("cdnow-00001", 1, new DateOnly(1997, 1, 1), 1, new Money(1177, "USD")),
        Assert.Single(await Read(line)).Purchase);

    [Theory]
    [InlineData(" 00001 19970101  1   0.00", 0)]
    [InlineData(" 00001 19970101  1   12", 1200)]
    [InlineData(" 00001 19970101  1   .5", 50)]
    public async Task An_amount_may_be_nothing_and_may_lack_decimals(string line, long cents) =>
        Assert.Equal(cents, Assert.Single(await Read(line)).Purchase?.Amount.Minor);

    [Fact]
    public async Task Headings_are_left_out_where_they_stand_and_line_ends_do_not_matter()
    {
        ImportLine[] lines = await Read(
            " customer_id  date units  dollar_value\r\n 00001 19970101  1   11.77\r\n\r\n 00002 19970112  1   12.00");
        Assert.Equal([2, 4], lines.Select(line => line.Number));
        Assert.Equal(["cdnow-00001", "cdnow-00002"], lines.Select(line => line.Purchase?.Customer));
        Assert.Equal("cdnow-00001", (await Read(" 00001 19970101  1   11.77"))[0].Purchase?.Customer);
        Assert.Empty(await Read(""));
    }

    [Fact]
    public async Task Headings_further_down_are_a_mistake()
    {
        ImportLine[] lines = await Read(" 00001 19970101  1   11.77\n customer_id  date units value");
        Assert.Equal((2, "the first column is not a customer number"), (lines[1].Number, lines[1].Mistake));
    }

    [Theory]
    [InlineData("x 19970101 1 11.77", "first column")]
    [InlineData("-1 19970101 1 11.77", "first column")]
    [InlineData("0 19970101 1 11.77", "first column")]
    [InlineData("9999999999 19970101 1 11.77", "first column")]
    [InlineData("1 19970229 1 11.77", "second column")]
    [InlineData("1 18991231 1 11.77", "second column")]
    [InlineData("1 1997-01-01 1 11.77", "second column")]
    [InlineData("1 19970101 0 11.77", "third column")]
    [InlineData("1 19970101 1.5 11.77", "third column")]
    [InlineData("1 19970101 -1 11.77", "third column")]
    [InlineData("1 19970101 1000001 11.77", "third column")]
    [InlineData("1 19970101 1 -11.77", "fourth column")]
    [InlineData("1 19970101 1 11,77", "fourth column")]
    [InlineData("1 19970101 1 11.777", "fourth column")]
    [InlineData("1 19970101 1 1e3", "fourth column")]
    [InlineData("1 19970101 1 99999999999999999999999999999999", "fourth column")]
    [InlineData("1 19970101 1", "3 columns")]
    [InlineData("1 19970101 1 11.77 x", "5 columns")]
    [InlineData("1", "1 columns")]
    public async Task A_faulty_line_says_which_column_is_wrong(string faulty, string mistake)
    {
        ImportLine line = (await Read("1 19970101 1 11.77\n" + faulty))[1];
        Assert.Null(line.Purchase);
        Assert.Equal(2, line.Number);
        Assert.Contains(mistake, line.Mistake, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ordinals_count_the_lines_of_a_customer_also_the_faulty_ones_and_those_far_apart()
    {
        ImportLine[] lines = await Read("""
            1 19970101 1 1.00
            1 19970101 1 1.00
            1 19979999 1 1.00
            2 19970101 1 1.00
            1 19970105 1 1.00
            """);
        Assert.Equal([1, 2, null, 1, 4], lines.Select(line => line.Purchase?.Ordinal));
    }

    private static async Task<ImportLine[]> Read(string text)
    {
        List<ImportLine> lines = [];
        await foreach (ImportLine line in CdnowReader.Read(new StringReader(text)))
        {
            lines.Add(line);
        }

        return [.. lines];
    }
}

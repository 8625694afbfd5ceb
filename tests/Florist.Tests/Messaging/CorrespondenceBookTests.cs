using Florist.Kernel;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class CorrespondenceBookTests
{
    private const int StateBytesMax = 16 * 1024;

    [Fact]
    public void News_of_an_order_overtakes_that_of_its_deliveries()
    {
        CorrespondenceBook book = new CorrespondenceBook()
            .Learn(new NewsProgress("o1", NewsRanks.OrderEnded), Letters.Morning);

        Assert.Equal(NewsRanks.OrderEnded, book.RankOf(new NewsProgress("o1/d1", 11)));
        Assert.Null(book.RankOf(new NewsProgress("o2/d1", 11)));
    }

    [Fact]
    public void Older_news_changes_nothing()
    {
        CorrespondenceBook book = new CorrespondenceBook()
            .Learn(new NewsProgress("o1/d1", NewsRanks.DeliveryEnded), Letters.Morning)
            .Learn(new NewsProgress("o1/d1", 11), Letters.Morning.AddHours(1))
            .Learn(null, Letters.Morning.AddHours(1));

        Assert.Equal(NewsRanks.DeliveryEnded, book.RankOf(new NewsProgress("o1/d1", 11)));
    }

    [Fact]
    public void Of_too_many_things_the_stalest_are_forgotten_and_the_state_stays_small()
    {
        CorrespondenceBook book = new();
        for (int i = 0; i < 500; i++)
        {
            string thing = $"{new string('o', 63 - 3)}{i:000}/{new string('d', 63)}";
            book = book.Learn(new NewsProgress(thing, 1000), Letters.Morning.AddMinutes(i));
        }

        Assert.Equal(CorrespondenceBook.ThingsMax, book.Progress.Count);
        Assert.All(book.Progress.Values, mark => Assert.True(mark.At > Letters.Morning.AddMinutes(400)));
        Assert.InRange(FloristJson.WriteBytes(book).Length, 1, StateBytesMax);
    }
}

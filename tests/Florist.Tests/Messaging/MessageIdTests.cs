using Florist.Customers;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class MessageIdTests
{
    [Fact]
    public void The_same_news_has_the_same_id_and_any_other_another()
    {
        string one = MessageId.Prefix("o1:d1:Delivered", Letters.Morning);

        Assert.Equal(one, MessageId.Prefix("o1:d1:Delivered", Letters.Morning));
        Assert.NotEqual(one, MessageId.Prefix("o1:d2:Delivered", Letters.Morning));
        Assert.NotEqual(one, MessageId.Prefix("o1:d1:Delivered", Letters.Morning.AddMilliseconds(1)));
        Assert.NotEqual(MessageId.Of(one, Channel.Email), MessageId.Of(one, Channel.Sms));
        Assert.Equal(MessageId.Of(one, Channel.Sms), MessageId.Of(one, Channel.Email).On(Channel.Sms));
    }

    [Fact]
    public void Ids_sort_by_the_time_of_the_event()
    {
        Random random = new(7);
        DateTimeOffset[] times = [.. Enumerable.Range(0, 500)
            .Select(_ => DateTimeOffset.UnixEpoch.AddMilliseconds(random.NextInt64(0, 30_000_000_000_000)))
            .Order()];

        string[] ids = [.. times.Select((time, i) => MessageId.Prefix($"k{i}", time))];

        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        Assert.All(ids, id => Assert.True(MessageId.IsWellFormed($"{id}e")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("0123456789abcdefghjkmE")]
    [InlineData("0123456789abcdefghj/me")]
    public void Other_texts_are_no_ids(string text) => Assert.False(MessageId.IsWellFormed(text));
}

using Florist.Kernel;
using Florist.Messaging;
using Microsoft.Extensions.Options;

namespace Florist.Tests.Messaging;

public sealed class MessageKeepingTests
{
    private static readonly DateTimeOffset Happened = new(2026, 6, 10, 8, 0, 0, TimeSpan.Zero);

    private readonly MessageKeeping keeping = new(Options.Create(new RetentionOptions()));

    [Theory]
    [InlineData(MessageState.Sent, 89, "whole")]
    [InlineData(MessageState.Sent, 90, "poorer")]
    [InlineData(MessageState.Suppressed, 399, "poorer")]
    [InlineData(MessageState.Sent, 400, "gone")]
    [InlineData(MessageState.Uncertain, 4000, "poorer")]
    [InlineData(MessageState.Pending, 4000, "whole")]
    public void The_text_goes_first_and_then_the_message_unless_somebody_waits_for_it(
        MessageState state, int days, string expected)
    {
        MessageRecord message = new()
        {
            Id = new MessageId("m"),
            Kind = MessageKind.Delivered,
            State = state,
            OccurredAt = Happened,
            To = "anna@example.com",
            Subject = "Delivered",
            Model = new MessageModel(),
        };

        RowFate fate = keeping.FateOf(FloristJson.Write(message), Happened.AddDays(days));

        Assert.Equal(expected, fate == RowFate.Kept ? "whole" : fate == RowFate.Gone ? "gone" : "poorer");
        if (fate.Body is { } body)
        {
            MessageRecord left = FloristJson.Read<MessageRecord>(body);
            Assert.Equal((null, null, null), ((object?)left.Model, left.To, left.Subject));
            Assert.Equal((message.Kind, message.State), (left.Kind, left.State));
            Assert.Equal(RowFate.Kept, keeping.FateOf(body, Happened.AddDays(days)));
        }
    }
}

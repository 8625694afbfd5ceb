using System.Collections.Immutable;
using System.Globalization;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>Topics of orders to send, one a channel, so that a channel that is down holds up no other.</summary>
internal static class MessagingTopics
{
    public const string SendEmail = "messages.send_email";

    public const string SendSms = "messages.send_sms";

    public static readonly ImmutableArray<string> Sends = [SendEmail, SendSms];
}

/// <summary>The order to carry out one turn of a message: the body of the outbox rows.</summary>
internal sealed record SendOrder(CustomerId CustomerId, MessageId MessageId, int Turn)
{
    /// <summary>What the message tells; null in orders of earlier versions, which did not say it.</summary>
    public MessageKind? Kind { get; init; }

    /// <summary>
    /// The outbox message of a message's present turn. When it is useless before it is handed over, it takes no place
    /// among what is sent; the correspondence records it.
    /// </summary>
    public static OutboxMessage For(CustomerId customer, MessageRecord message)
    {
        string topic = message.Channel == Channel.Sms ? MessagingTopics.SendSms : MessagingTopics.SendEmail;
        string turn = message.Turn.ToString(CultureInfo.InvariantCulture);
        SendOrder order = new(customer, message.Id, message.Turn) { Kind = message.Kind };
        return OutboxMessage.Of(
            topic, $"{topic}:{customer}:{message.Id}:{turn}", order, KindPolicy.Of(message.Kind).Lane)
            with
        { NotBefore = message.NotBefore, ExpiresAt = message.ExpiresAt };
    }
}

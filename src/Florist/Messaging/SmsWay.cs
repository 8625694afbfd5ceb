using Florist.Customers;

namespace Florist.Messaging;

/// <summary>Text messages.</summary>
internal sealed class SmsWay(IMessageRenderer renderer, ISmsTransport transport) : ISendWay
{
    public Channel Channel => Channel.Sms;

    public string Topic => MessagingTopics.SendSms;

    public int PerSecondMax(MessagingOptions options) => options.SmsPerSecondMax;

    public IReadyMessage Render(SendPermit permit) => new Ready(
        transport,
        new OutgoingSms { MessageKey = permit.MessageKey, To = permit.To, Body = renderer.Sms(permit.Model) },
        permit.ExpiresAt);

    private sealed class Ready(ISmsTransport transport, OutgoingSms sms, DateTimeOffset expiresAt) : IReadyMessage
    {
        public string? Subject => null;

        // The provider must not deliver tomorrow what is useless by then.
        public Task<SendOutcome> Send(DateTimeOffset now, CancellationToken cancel) =>
            transport.Send(sms with { ValidityPeriod = expiresAt - now }, cancel);

        public Task<LookupOutcome> Ask(LookupHint hint, CancellationToken cancel) =>
            transport.Lookup(sms, hint, cancel);
    }
}

using Florist.Customers;

namespace Florist.Messaging;

/// <summary>E-mails.</summary>
internal sealed class EmailWay(IMessageRenderer renderer, IEmailTransport transport) : ISendWay
{
    public Channel Channel => Channel.Email;

    public string Topic => MessagingTopics.SendEmail;

    public int PerSecondMax(MessagingOptions options) => options.EmailsPerSecondMax;

    public IReadyMessage Render(SendPermit permit)
    {
        RenderedEmail rendered = renderer.Email(permit.Model);
        string name = ShownText.Line($"{permit.Model.GivenName} {permit.Model.FamilyName}", 60);
        return new Ready(transport, new OutgoingEmail
        {
            MessageKey = permit.MessageKey,
            To = new Mailbox(permit.To, name.Length == 0 ? null : name),
            Subject = rendered.Subject,
            Text = rendered.Text,
            Html = rendered.Html,
            Date = permit.DecidedAt,
        });
    }

    private sealed class Ready(IEmailTransport transport, OutgoingEmail email) : IReadyMessage
    {
        public string? Subject => email.Subject;

        public Task<SendOutcome> Send(DateTimeOffset now, CancellationToken cancel) => transport.Send(email, cancel);

        public Task<LookupOutcome> Ask(LookupHint hint, CancellationToken cancel) =>
            transport.Lookup(email, hint, cancel);
    }
}

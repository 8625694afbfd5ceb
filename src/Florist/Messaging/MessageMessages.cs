using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Messaging.V1;
using ProtoCustomer = Florist.Protos.Customers.V1.Customer;

namespace Florist.Messaging;

/// <summary>Messages of this feature to and from the contract's.</summary>
internal static class MessageMessages
{
    private const int LanguageLengthMax = 35;

    /// <summary>The resource.</summary>
    /// <param name="message">The message.</param>
    /// <param name="customer">Whose.</param>
    /// <param name="full">True to show what is for staff and the shop's own systems.</param>
    public static Message ToProto(this MessageRecord message, CustomerId customer, bool full) => new()
    {
        Name = message.Id.Name(customer),
        Kind = Enum.Parse<Message.Types.Kind>(message.Kind.ToString()),
        Channel = Enum.Parse<ProtoCustomer.Types.Channel>(message.Channel.ToString()),
        State = Enum.Parse<Message.Types.State>(message.State.ToString()),
        Reason = message.Reason ?? "",
        Subject = message.Subject ?? "",
        EventTime = message.OccurredAt.ToProto(),
        CreateTime = message.DecidedAt.ToProto(),
        NextAttemptTime = message.NotBefore?.ToProto(),
        ExpireTime = message.ExpiresAt.ToProto(),
        SendTime = message.SentAt?.ToProto(),
        AttemptCount = message.Attempts,
        ProviderId = full ? message.ProviderId ?? "" : "",
        ProviderCode = full ? message.ProviderCode ?? "" : "",
        Resent = message.Resent,
        Order = message.About.OrderId?.Name ?? "",
        Delivery = message.About is { OrderId: { } order, DeliveryId: { } delivery }
            ? $"{order.Name}/deliveries/{delivery}"
            : "",
        Occasion = message.About.OccasionId?.Name(customer) ?? "",
    };

    /// <summary>The sample that a preview asks for.</summary>
    public static Outcome<MessageModel> ReadSample(PreviewMessageRequest request)
    {
        FieldChecks checks = new();
        bool named = Enum.TryParse(request.Kind.ToString(), out MessageKind kind) && Enum.IsDefined(kind);
        checks.That(named, "kind", "REQUIRED", "is required, and one of the kinds of messages");
        bool isTag = request.LanguageCode.Length <= LanguageLengthMax
            && request.LanguageCode.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
        checks.That(isTag, "language_code", "LANGUAGE_INVALID", "is not a BCP-47 tag, such as de-DE");
        checks.That(
            Enum.IsDefined(request.Formality), "formality", "UNKNOWN_VALUE", "is not a form of address");
        bool sober = !request.Sympathy || kind != MessageKind.OccasionReminder;
        checks.That(sober, "sympathy", "NO_SUCH_TEXT", "nobody is reminded of a death");
        Formality formality = request.Formality == ProtoCustomer.Types.Formality.Informal
            ? Formality.Informal
            : Formality.Formal;
        return checks.Fault is { } fault
            ? fault
            : MessageSamples.Of(kind, request.LanguageCode, formality, request.Sympathy);
    }
}

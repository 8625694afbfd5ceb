using System.Collections.Frozen;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>Which channels a kind of message takes.</summary>
internal enum ChannelUse
{
    /// <summary>E-mail; text message only where there is no e-mail.</summary>
    EmailFirst,

    /// <summary>The one channel that the customer prefers, e-mail before text messages.</summary>
    Preferred,

    /// <summary>E-mail, and a text message too where the customer prefers those.</summary>
    EmailAndPreferredSms,

    /// <summary>Text message, where the customer prefers those: by e-mail it would be read too late.</summary>
    PreferredSmsOnly,
}

/// <summary>How a kind of message is treated, one line a kind.</summary>
/// <param name="Purpose">What consent it needs.</param>
/// <param name="Use">Which channels it takes.</param>
/// <param name="UsefulFor">How long after the event it is worth sending.</param>
/// <param name="WakesPeople">True: quiet hours do not hold it back, for the customer may have to act.</param>
/// <param name="ResendUnknown">
/// True: an attempt whose outcome cannot be found out is repeated once, because missing it is worse than reading it
/// twice.
/// </param>
/// <param name="Lane">How urgently it travels in the outbox.</param>
internal sealed record KindPolicy(
    Purpose Purpose, ChannelUse Use, TimeSpan UsefulFor, bool WakesPeople, bool ResendUnknown, OutboxClass Lane)
{
    private static readonly FrozenDictionary<MessageKind, KindPolicy> Policies = new Dictionary<MessageKind, KindPolicy>
    {
        [MessageKind.OrderConfirmed] = Notice(ChannelUse.EmailFirst, TimeSpan.FromDays(3), resendUnknown: true),
        [MessageKind.OrderCancelled] = Notice(ChannelUse.EmailFirst, TimeSpan.FromDays(3), resendUnknown: true),
        [MessageKind.PaymentFailed] = Notice(ChannelUse.EmailFirst, TimeSpan.FromDays(3), resendUnknown: true),
        [MessageKind.Dispatched] = Notice(ChannelUse.EmailFirst, TimeSpan.FromHours(2), resendUnknown: false),
        [MessageKind.OutForDelivery] = Notice(ChannelUse.Preferred, TimeSpan.FromHours(2), resendUnknown: false),
        [MessageKind.NearlyThere] =
            Notice(ChannelUse.PreferredSmsOnly, TimeSpan.FromMinutes(15), resendUnknown: false),
        [MessageKind.Delivered] =
            Notice(ChannelUse.EmailAndPreferredSms, TimeSpan.FromHours(48), resendUnknown: true),
        [MessageKind.AttemptFailed] =
            Notice(ChannelUse.EmailAndPreferredSms, TimeSpan.FromHours(12), resendUnknown: true, wakesPeople: true),
        [MessageKind.DeliveryFailed] =
            Notice(ChannelUse.EmailAndPreferredSms, TimeSpan.FromDays(3), resendUnknown: true),

        [MessageKind.RunningLate] =
            Notice(ChannelUse.EmailAndPreferredSms, TimeSpan.FromHours(6), resendUnknown: false),
        [MessageKind.PromiseBroken] = Notice(ChannelUse.EmailFirst, TimeSpan.FromDays(3), resendUnknown: true),

        // Useful until the answer is due, which the news itself knows.
        [MessageKind.SubstitutionProposed] = Notice(
            ChannelUse.EmailAndPreferredSms, TimeSpan.FromDays(3), resendUnknown: true, wakesPeople: true),

        // Useful until the order cut-off, which the reminder itself knows; the length here only bounds it.
        [MessageKind.OccasionReminder] = new(
            Purpose.OccasionReminders, ChannelUse.Preferred, TimeSpan.FromDays(60), WakesPeople: false,
            ResendUnknown: false, OutboxClass.Occasion),
    }.ToFrozenDictionary();

    /// <summary>True for kinds that may go by e-mail at all.</summary>
    public bool MayTakeEmail => Use != ChannelUse.PreferredSmsOnly;

    /// <summary>True for messages that wait while something promised to the customer is to be put right.</summary>
    public bool WaitsForPromises => Purpose != Purpose.OrderNotices;

    /// <summary>The policy of a kind.</summary>
    public static KindPolicy Of(MessageKind kind) => Policies[kind];

    private static KindPolicy Notice(
        ChannelUse use, TimeSpan usefulFor, bool resendUnknown, bool wakesPeople = false) =>
        new(Purpose.OrderNotices, use, usefulFor, wakesPeople, resendUnknown, OutboxClass.Notice);
}

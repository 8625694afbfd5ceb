using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Florist.Customers;

namespace Florist.Messaging;

/// <summary>
/// Decides the steps of sending one message: intent, attempt, outcome, and what to do when the outcome is not known.
/// Every step that needs another one names a later turn, which travels through the outbox in the same commit.
/// </summary>
internal static class SendRules
{
    /// <summary>A provider that cannot be reached is asked so often before its answer counts as lost.</summary>
    public const int AsksMax = 8;

    private const string RestoredGate = "restored";

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestAskedFor = TimeSpan.FromHours(1);

    /// <summary>What a sender may do now.</summary>
    /// <param name="message">The message.</param>
    /// <param name="turn">The turn that the sender was told to carry out.</param>
    /// <param name="addressee">The customer as of now; null when there is none.</param>
    /// <param name="knownRank">How far the same thing is known to have come.</param>
    /// <param name="now">The present.</param>
    /// <param name="settings">Quiet hours and waits.</param>
    public static SendStep Begin(
        MessageRecord message,
        int turn,
        Addressee? addressee,
        int? knownRank,
        DateTimeOffset now,
        SendSettings settings)
    {
        if (turn != message.Turn || message.IsOver)
        {
            return new(message, SendVerdict.Over);
        }

        if (message.State is MessageState.Sending or MessageState.Uncertain)
        {
            return BeginAsking(message, now, settings);
        }

        return addressee?.AddressOn(message.Channel) is { } to && MayHaveGoneBeforeRestore(message, settings)
            ? AskFirst(message, to)
            : BeginSending(message, addressee, knownRank, now, settings);
    }

    /// <summary>
    /// The message as it is after a withdrawal: over, if it waits and the customer does not allow it any more.
    /// </summary>
    public static MessageRecord Stop(MessageRecord message, Addressee addressee)
    {
        bool waits = message.State is MessageState.Pending or MessageState.Deferred;
        return waits && Refuses(message, addressee)
            ? NotSent(
                message with
                {
                    Gates = message.Gates.Add(new("withdrawal", false, addressee.Deleted ? "deleted" : "no consent")),
                },
                MessageState.Suppressed,
                addressee.Deleted ? MessageReasons.CustomerDeleted : MessageReasons.NoConsent)
            : message;
    }

    /// <summary>The message after an operator gave its order to send up. What may have left stays uncertain.</summary>
    public static MessageRecord Dropped(MessageRecord message) => message.State switch
    {
        _ when message.IsOver => message,
        MessageState.Sending or MessageState.Uncertain => Unknown(message),
        _ => NotSent(message, MessageState.Suppressed, MessageReasons.DroppedByOperator),
    };

    /// <summary>The message after an operator asked to send it again although it may have arrived.</summary>
    public static MessageRecord Again(MessageRecord message, DateTimeOffset now) =>
        Repeat(message with { Resent = true }, now).Message;

    /// <summary>True when the customer does not allow the message.</summary>
    public static bool Refuses(MessageRecord message, Addressee addressee) =>
        addressee.Deleted || !addressee.Allows(message.Channel, KindPolicy.Of(message.Kind).Purpose);

    /// <summary>What follows from an attempt.</summary>
    public static SendStep AfterSending(
        MessageRecord message, SendOutcome outcome, DateTimeOffset now, SendSettings settings)
    {
        MessageRecord told = message with { ProviderCode = outcome.Code ?? message.ProviderCode };
        switch (outcome.Kind)
        {
            case SendKind.Accepted:
                return new(Sent(told, outcome.ProviderId, now), SendVerdict.Over);

            case SendKind.Rejected:
                return new(
                    told with { State = MessageState.Failed, Reason = Word(outcome.Problem), NotBefore = null },
                    SendVerdict.Over);

            case SendKind.Deferred:
                return Later(told, outcome, now);

            default:
                return Next(
                    told with { State = MessageState.Uncertain, Reason = MessageReasons.AnswerLost },
                    AskableAt(told, now, settings));
        }
    }

    /// <summary>What follows from asking the provider about an attempt whose outcome was lost.</summary>
    public static SendStep AfterAsking(MessageRecord message, LookupOutcome answer, DateTimeOffset now)
    {
        switch (answer.Kind)
        {
            case LookupKind.Found:
                return new(Sent(message, answer.ProviderId, message.AttemptedAt ?? now), SendVerdict.Over);

            case LookupKind.NotFound:
                return Repeat(message, now);

            case LookupKind.Unknown when answer.MayAskAgain && message.Asks + 1 < AsksMax:
                return Next(
                    message with
                    {
                        State = MessageState.Uncertain,
                        Reason = MessageReasons.AnswerLost,
                        Asks = message.Asks + 1,
                    },
                    now + Wait(message, message.Asks + 1));

            default:
                bool repeat = KindPolicy.Of(message.Kind).ResendUnknown && !message.Resent;
                return repeat && now < message.ExpiresAt
                    ? Repeat(message with { Resent = true }, now)
                    : new(Unknown(message), SendVerdict.Over);
        }
    }

    /// <summary>
    /// The same news on the other channel, once, after a channel has refused the address for good; null when that does
    /// not help or may not be.
    /// </summary>
    /// <param name="failed">The message as it failed.</param>
    /// <param name="problem">Why it was refused.</param>
    /// <param name="addressee">The customer as of now; null when there is none.</param>
    /// <param name="now">The present.</param>
    /// <param name="settings">Quiet hours.</param>
    public static MessageRecord? Instead(
        MessageRecord failed, SendProblem problem, Addressee? addressee, DateTimeOffset now, SendSettings settings)
    {
        KindPolicy policy = KindPolicy.Of(failed.Kind);
        Channel other = failed.Channel == Channel.Email ? Channel.Sms : Channel.Email;
        bool helps = problem is not (SendProblem.None or SendProblem.ContentRefused);
        bool mayBe = addressee is { Deleted: false }
            && failed.InsteadOf is null
            && now < failed.ExpiresAt
            && (other != Channel.Email || policy.MayTakeEmail)
            && MessageRules.Refusal(policy, addressee, other) is null;
        if (!helps || !mayBe || addressee is null)
        {
            return null;
        }

        DateTimeOffset? quietUntil =
            MessageRules.QuietUntil(policy, other, addressee.TimeZone, now, settings.Quiet);
        return quietUntil >= failed.ExpiresAt
            ? null
            : failed with
            {
                Id = failed.Id.On(other),
                Channel = other,
                InsteadOf = failed.Channel,
                State = quietUntil is null ? MessageState.Pending : MessageState.Deferred,
                Reason = quietUntil is null ? null : MessageReasons.QuietHours,
                NotBefore = quietUntil,
                DecidedAt = now,
                Turn = 1,
                Attempts = 0,
                Asks = 0,
                AttemptedAt = null,
                To = null,
                ProviderCode = null,
                Subject = null,
                Gates = failed.Gates.Add(new("instead", true, $"{failed.Channel} {Word(problem)}")),
            };
    }

    /// <summary>
    /// How long to wait after so many failures: doubling, spread by the message's id so that none march in step.
    /// </summary>
    public static TimeSpan Wait(MessageRecord message, int failures)
    {
        double doubled = FirstWait.TotalSeconds * Math.Pow(2, Math.Min(failures - 1, 20));
        double whole = Math.Min(doubled, LongestWait.TotalSeconds);
        byte spread = SHA256.HashData(Encoding.UTF8.GetBytes($"{message.Id}:{failures}"))[0];
        return TimeSpan.FromSeconds(whole * (0.75 + (spread / 255.0 / 4)));
    }

    private static SendStep BeginAsking(MessageRecord message, DateTimeOffset now, SendSettings settings)
    {
        // An attempt may still be under way elsewhere, and a provider's list lags behind what it has accepted.
        DateTimeOffset askable = AskableAt(message, now, settings);
        return now < askable
            ? Next(message with { State = MessageState.Uncertain, Reason = MessageReasons.AnswerLost }, askable)
            : new(message, SendVerdict.Ask);
    }

    // The backup does not know what happened after it: the provider may have this message already.
    private static bool MayHaveGoneBeforeRestore(MessageRecord message, SendSettings settings) =>
        message.OccurredAt < settings.RestoredAt && !message.Gates.Any(gate => gate.Name == RestoredGate);

    private static SendStep AskFirst(MessageRecord message, string to) => new(
        message with
        {
            State = MessageState.Sending,
            Reason = null,
            NotBefore = null,
            AttemptedAt = message.AttemptedAt ?? message.OccurredAt,
            To = message.To ?? to,
            Gates = message.Gates.Add(new(RestoredGate, true, "the provider is asked first")),
        },
        SendVerdict.Ask);

    private static SendStep BeginSending(
        MessageRecord message, Addressee? addressee, int? knownRank, DateTimeOffset now, SendSettings settings)
    {
        KindPolicy policy = KindPolicy.Of(message.Kind);
        News news = new(message.Sympathy, message.About, message.Progress, message.ExpiresAt);
        ImmutableArray<Gate>.Builder gates = ImmutableArray.CreateBuilder<Gate>();
        Verdict? stop = MessageRules.Stops(news, policy, addressee, knownRank, now, gates);
        if (stop is null && addressee is not null && MessageRules.Refusal(policy, addressee, message.Channel) is { } no)
        {
            gates.Add(new("channel", false, no));
            stop = new(MessageState.Suppressed, no);
        }

        if (stop is not null || addressee is null)
        {
            return new(
                NotSent(
                    message with { Gates = gates.ToImmutable() },
                    stop?.State ?? MessageState.Suppressed,
                    stop?.Reason ?? MessageReasons.CustomerDeleted),
                SendVerdict.Over);
        }

        if (MessageRules.HeldUntil(policy, settings.PromiseOpen, now) is { } later)
        {
            return Held(message, MessageReasons.PromiseOpen, later);
        }

        DateTimeOffset? quietUntil =
            MessageRules.QuietUntil(policy, message.Channel, addressee.TimeZone, now, settings.Quiet);
        if (quietUntil is { } morning)
        {
            return Held(message, MessageReasons.QuietHours, morning);
        }

        return new(
            message with
            {
                State = MessageState.Sending,
                Reason = null,
                NotBefore = null,
                Attempts = message.Attempts + 1,
                AttemptedAt = now,
                Asks = 0,
                To = addressee.AddressOn(message.Channel),
            },
            SendVerdict.Send);
    }

    private static SendStep Held(MessageRecord message, string reason, DateTimeOffset until) =>
        until < message.ExpiresAt
            ? Next(message with { State = MessageState.Deferred, Reason = reason }, until)
            : new(Useless(message, reason), SendVerdict.Over);

    private static SendStep Later(MessageRecord message, SendOutcome outcome, DateTimeOffset now)
    {
        TimeSpan own = Wait(message, message.Attempts);
        TimeSpan asked = outcome.RetryAfter is { } after && after > own
            ? (after < LongestAskedFor ? after : LongestAskedFor)
            : own;
        DateTimeOffset at = now + asked;
        string reason = Word(outcome.Problem);
        return at < message.ExpiresAt
            ? Next(message with { State = MessageState.Deferred, Reason = reason }, at)
            : new(Useless(message, reason), SendVerdict.Over);
    }

    private static SendStep Repeat(MessageRecord message, DateTimeOffset now) => now < message.ExpiresAt
        ? Next(message with { State = MessageState.Pending, Reason = null }, now)
        : new(Useless(message, MessageReasons.TooLate), SendVerdict.Over);

    private static SendStep Next(MessageRecord message, DateTimeOffset at) =>
        new(message with { Turn = message.Turn + 1, NotBefore = at }, SendVerdict.Over);

    private static MessageRecord Sent(MessageRecord message, string? providerId, DateTimeOffset at) => message with
    {
        State = MessageState.Sent,
        Reason = null,
        NotBefore = null,
        ProviderId = providerId,
        SentAt = at,
    };

    private static MessageRecord Useless(MessageRecord message, string reason) =>
        NotSent(message, MessageState.Expired, reason);

    // One that was to be sent again, because nobody could tell whether it had arrived, may have arrived all the same.
    private static MessageRecord NotSent(MessageRecord message, MessageState state, string? reason) => message.Resent
        ? Unknown(message)
        : message with { State = state, Reason = reason, NotBefore = null };

    private static MessageRecord Unknown(MessageRecord message) => message with
    {
        State = MessageState.Uncertain,
        Reason = MessageReasons.OutcomeUnknown,
        NotBefore = null,
    };

    private static DateTimeOffset AskableAt(MessageRecord message, DateTimeOffset now, SendSettings settings) =>
        (message.AttemptedAt ?? now) + settings.AskAfter;

    private static string Word(SendProblem problem) => problem switch
    {
        SendProblem.None => "UNKNOWN",
        SendProblem.InvalidAddress => "INVALID_ADDRESS",
        SendProblem.NotMobile => "NOT_MOBILE",
        SendProblem.OptedOut => "OPTED_OUT",
        SendProblem.NotPermitted => "NOT_PERMITTED",
        SendProblem.Unroutable => "UNROUTABLE",
        SendProblem.ContentRefused => "CONTENT_REFUSED",
        SendProblem.Configuration => "CONFIGURATION",
        SendProblem.Throttled => "THROTTLED",
        SendProblem.Unavailable => "UNAVAILABLE",
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "a problem without a word"),
    };
}

/// <summary>A message after a step, and what the sender may do.</summary>
/// <param name="Message">The message; with a higher turn than before, its next turn is to be ordered.</param>
/// <param name="Verdict">What the sender may do.</param>
internal sealed record SendStep(MessageRecord Message, SendVerdict Verdict);

/// <summary>What the steps of sending go by.</summary>
/// <param name="Quiet">The quiet hours.</param>
/// <param name="AskAfter">
/// How long after the begin of an attempt its outcome is asked for; longer than any attempt lasts.
/// </param>
internal sealed record SendSettings(QuietHours Quiet, TimeSpan AskAfter)
{
    /// <summary>
    /// When the database was restored from a backup: what occurred before is asked for before it is sent, once. Null
    /// when it never was.
    /// </summary>
    public DateTimeOffset? RestoredAt { get; init; }

    /// <summary>True while something promised to the customer is to be put right.</summary>
    public bool PromiseOpen { get; init; }
}

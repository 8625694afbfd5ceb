using System.Collections.Immutable;
using System.Globalization;
using Florist.Customers;

namespace Florist.Messaging;

/// <summary>
/// Decides about news: whether it is told, on which channels, and when. Gates stand in a fixed order; each leaves a
/// trace, and the last one that failed explains the decision.
/// </summary>
internal static class MessageRules
{
    // A promise is put right within hours; a reminder can wait so long and look again.
    private static readonly TimeSpan PromiseWait = TimeSpan.FromHours(6);

    /// <summary>Decides. At least one message comes of it, so that every candidate leaves a record.</summary>
    /// <param name="candidate">The news.</param>
    /// <param name="knownRank">How far the same thing is known to have come; null for not known.</param>
    /// <param name="now">The present.</param>
    /// <param name="quiet">The quiet hours.</param>
    /// <param name="promiseOpen">True while something promised to the customer is to be put right.</param>
    public static ImmutableArray<MessageRecord> Decide(
        MessageCandidate candidate, int? knownRank, DateTimeOffset now, QuietHours quiet, bool promiseOpen = false)
    {
        KindPolicy policy = KindPolicy.Of(candidate.Kind);
        ImmutableArray<Gate>.Builder gates = ImmutableArray.CreateBuilder<Gate>();
        News news = new(candidate.Sympathy, candidate.About, candidate.Progress, ExpiryOf(candidate, policy));
        if (Stops(news, policy, candidate.Addressee, knownRank, now, gates) is { } stop)
        {
            return [Over(candidate, policy, Channel.Email, stop, now, gates.ToImmutable())];
        }

        ImmutableArray<Channel> channels = Channels(policy, candidate.Addressee, gates, out string? refusal);
        if (channels.IsEmpty)
        {
            Verdict none = new(MessageState.Suppressed, refusal ?? MessageReasons.NoAddress);
            return [Over(candidate, policy, Channel.Email, none, now, gates.ToImmutable())];
        }

        DateTimeOffset? heldUntil = HeldUntil(policy, promiseOpen, now);
        if (policy.WaitsForPromises)
        {
            Passes(gates, "promise", heldUntil is null, heldUntil is null ? "kept" : "open");
        }

        ImmutableArray<MessageRecord>.Builder messages = ImmutableArray.CreateBuilder<MessageRecord>();
        foreach (Channel channel in channels)
        {
            messages.Add(heldUntil is { } until
                ? Held(candidate, policy, channel, now, until, gates.ToImmutable())
                : OnChannel(candidate, policy, channel, channels, now, quiet, gates.ToImmutable()));
        }

        return messages.DrainToImmutable();
    }

    /// <summary>
    /// The gates that look at the news and the customer, not at the channel. Passed again before every attempt.
    /// </summary>
    /// <returns>How the message ends; null to go on.</returns>
    public static Verdict? Stops(
        News news,
        KindPolicy policy,
        Addressee? addressee,
        int? knownRank,
        DateTimeOffset now,
        ImmutableArray<Gate>.Builder gates)
    {
        if (!Passes(gates, "customer", addressee is { Deleted: false }, addressee is null ? "gone" : "known"))
        {
            return new(MessageState.Suppressed, MessageReasons.CustomerDeleted);
        }

        bool service = policy.Purpose == Purpose.OrderNotices;
        if (!Passes(gates, "sympathy", service || !news.Sympathy, news.Sympathy ? "sympathy" : "other"))
        {
            return new(MessageState.Suppressed, MessageReasons.Sympathy);
        }

        bool deceased = news.About.RecipientId is { } recipient && addressee?.Deceased.Contains(recipient) == true;
        if (!Passes(gates, "recipient", service || !deceased, deceased ? "deceased" : "living"))
        {
            return new(MessageState.Suppressed, MessageReasons.RecipientDeceased);
        }

        string ranks = string.Create(CultureInfo.InvariantCulture, $"{news.Progress?.Rank}/{knownRank}");
        if (!Passes(gates, "progress", news.Progress is null || !(knownRank > news.Progress.Rank), ranks))
        {
            return new(MessageState.Suppressed, MessageReasons.Superseded);
        }

        string times = string.Create(CultureInfo.InvariantCulture, $"{now:O} < {news.ExpiresAt:O}");
        return Passes(gates, "expiry", now < news.ExpiresAt, times)
            ? null
            : new(MessageState.Expired, MessageReasons.TooLate);
    }

    /// <summary>Why a message may not go out on a channel; null when it may.</summary>
    public static string? Refusal(KindPolicy policy, Addressee addressee, Channel channel) =>
        addressee.AddressOn(channel) is null ? MessageReasons.NoAddress
        : !addressee.Allows(channel, policy.Purpose) ? MessageReasons.NoConsent
        : null;

    /// <summary>When the quiet that holds a message back ends; null when nothing holds it back.</summary>
    public static DateTimeOffset? QuietUntil(
        KindPolicy policy, Channel channel, string zone, DateTimeOffset now, QuietHours quiet) =>
        channel != Channel.Sms || policy.WakesPeople ? null : quiet.EndAfter(now, zone);

    /// <summary>
    /// When to look again whether a message may go that waits for promises; null when nothing holds it back. What is
    /// useless by then is given up.
    /// </summary>
    public static DateTimeOffset? HeldUntil(KindPolicy policy, bool promiseOpen, DateTimeOffset now) =>
        promiseOpen && policy.WaitsForPromises ? now + PromiseWait : null;

    private static MessageRecord Held(
        MessageCandidate candidate,
        KindPolicy policy,
        Channel channel,
        DateTimeOffset now,
        DateTimeOffset until,
        ImmutableArray<Gate> gates)
    {
        MessageRecord message = Begin(candidate, policy, channel, now, gates) with
        {
            Reason = MessageReasons.PromiseOpen,
        };
        return until < message.ExpiresAt
            ? message with
            {
                State = MessageState.Deferred,
                NotBefore = until,
                Model = candidate.Model,
                Turn = 1,
            }
            : message with { State = MessageState.Expired };
    }

    private static ImmutableArray<Channel> Channels(
        KindPolicy policy, Addressee addressee, ImmutableArray<Gate>.Builder gates, out string? refusal)
    {
        string? email = policy.MayTakeEmail
            ? Refusal(policy, addressee, Channel.Email)
            : MessageReasons.ChannelNotPreferred;
        string? sms = Refusal(policy, addressee, Channel.Sms);
        bool prefersSms = addressee.PrefersSms;
        Passes(gates, "email", email is null, email ?? "usable");
        Passes(gates, "sms", sms is null, $"{sms ?? "usable"}, {(prefersSms ? "preferred" : "not preferred")}");

        bool bySms = sms is null && policy.Use switch
        {
            ChannelUse.EmailFirst => email is not null,
            ChannelUse.Preferred or ChannelUse.EmailAndPreferredSms => prefersSms || email is not null,
            _ => prefersSms,
        };
        bool byEmail = email is null && !(bySms && policy.Use == ChannelUse.Preferred);

        // A lack of consent is the customer's word and says more than a lack of an address.
        refusal = (email, sms) switch
        {
            (MessageReasons.NoConsent, _) or (_, MessageReasons.NoConsent) => MessageReasons.NoConsent,
            (_, null) => MessageReasons.ChannelNotPreferred,
            _ => MessageReasons.NoAddress,
        };
        return (byEmail, bySms) switch
        {
            (true, true) => [Channel.Email, Channel.Sms],
            (true, false) => [Channel.Email],
            (false, true) => [Channel.Sms],
            _ => [],
        };
    }

    private static MessageRecord OnChannel(
        MessageCandidate candidate,
        KindPolicy policy,
        Channel channel,
        ImmutableArray<Channel> chosen,
        DateTimeOffset now,
        QuietHours quiet,
        ImmutableArray<Gate> gates)
    {
        DateTimeOffset? quietUntil = QuietUntil(policy, channel, candidate.Addressee.TimeZone, now, quiet);
        gates = gates.Add(new("quiet", quietUntil is null, quietUntil?.ToString("O") ?? "awake"));
        MessageRecord message = Begin(candidate, policy, channel, now, gates);
        if (quietUntil is null)
        {
            return message with { State = MessageState.Pending, Model = candidate.Model, Turn = 1 };
        }

        if (quietUntil < message.ExpiresAt)
        {
            return message with
            {
                State = MessageState.Deferred,
                Reason = MessageReasons.QuietHours,
                NotBefore = quietUntil,
                Model = candidate.Model,
                Turn = 1,
            };
        }

        // Waiting for the morning would be too late. An e-mail disturbs nobody.
        bool byEmail = policy.MayTakeEmail && !chosen.Contains(Channel.Email)
            && Refusal(policy, candidate.Addressee, Channel.Email) is null;
        return byEmail
            ? Begin(candidate, policy, Channel.Email, now, gates) with
            {
                State = MessageState.Pending,
                Model = candidate.Model,
                Turn = 1,
                InsteadOf = Channel.Sms,
            }
            : message with { State = MessageState.Expired, Reason = MessageReasons.QuietHours };
    }

    private static MessageRecord Over(
        MessageCandidate candidate,
        KindPolicy policy,
        Channel channel,
        Verdict verdict,
        DateTimeOffset now,
        ImmutableArray<Gate> gates) =>
        Begin(candidate, policy, channel, now, gates) with { State = verdict.State, Reason = verdict.Reason };

    private static MessageRecord Begin(
        MessageCandidate candidate,
        KindPolicy policy,
        Channel channel,
        DateTimeOffset now,
        ImmutableArray<Gate> gates) => new()
        {
            Id = MessageId.Of(MessageId.Prefix(candidate.Key, candidate.OccurredAt), channel),
            Key = candidate.Key,
            Kind = candidate.Kind,
            Channel = channel,
            OccurredAt = candidate.OccurredAt,
            DecidedAt = now,
            ExpiresAt = ExpiryOf(candidate, policy),
            Sympathy = candidate.Sympathy,
            About = candidate.About,
            Progress = candidate.Progress,
            Gates = gates,
        };

    private static DateTimeOffset ExpiryOf(MessageCandidate candidate, KindPolicy policy)
    {
        DateTimeOffset latest = candidate.OccurredAt + policy.UsefulFor;
        return candidate.ExpiresAt < latest ? candidate.ExpiresAt : latest;
    }

    private static bool Passes(ImmutableArray<Gate>.Builder gates, string name, bool passed, string input)
    {
        gates.Add(new(name, passed, input));
        return passed;
    }
}

/// <summary>What the gates look at of a piece of news.</summary>
internal readonly record struct News(
    bool Sympathy, MessageAbout About, NewsProgress? Progress, DateTimeOffset ExpiresAt);

/// <summary>How a message ends.</summary>
internal sealed record Verdict(MessageState State, string Reason);

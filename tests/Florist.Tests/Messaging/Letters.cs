using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Orders;

namespace Florist.Tests.Messaging;

/// <summary>Candidates and addressees that nothing speaks against, to vary from.</summary>
internal static class Letters
{
    /// <summary>A Monday, 10:00 in London.</summary>
    public static readonly DateTimeOffset Morning = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    /// <summary>That Monday, 23:00 in London.</summary>
    public static readonly DateTimeOffset Night = new(2026, 11, 23, 23, 0, 0, TimeSpan.Zero);

    /// <summary>Tuesday, 08:00 in London.</summary>
    public static readonly DateTimeOffset NextMorning = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    public static readonly QuietHours Quiet = new(new TimeOnly(21, 0), new TimeOnly(8, 0));

    public static readonly SendSettings Settings = new(Quiet, TimeSpan.FromMinutes(1));

    /// <summary>Both addresses, no preferences, nothing opted into.</summary>
    public static readonly Addressee Anna = new()
    {
        Email = "anna@example.com",
        Mobile = "+447700900001",
        TimeZone = "Europe/London",
    };

    /// <summary>As <see cref="Anna"/>, text messages before e-mail.</summary>
    public static readonly Addressee Texter = Anna with { Channels = [Channel.Sms, Channel.Email] };

    public static Addressee OptedIn(this Addressee addressee, params Channel[] channels) => addressee with
    {
        OptIns = [.. channels.Select(channel => new OptIn(channel, Purpose.OccasionReminders))],
    };

    public static MessageCandidate Candidate(
        MessageKind kind, Addressee addressee, DateTimeOffset? at = null, string thing = "o1/d1", int? rank = null)
    {
        bool reminder = kind == MessageKind.OccasionReminder;
        DateTimeOffset occurredAt = at ?? Morning;
        return new MessageCandidate
        {
            Key = reminder ? "anna:o:2027:7" : $"{thing}:{kind}",
            Kind = kind,
            OccurredAt = occurredAt,
            ExpiresAt = reminder ? occurredAt.AddDays(5) : DateTimeOffset.MaxValue,
            About = new MessageAbout
            {
                OrderId = reminder ? null : new OrderId("o1"),
                RecipientId = new RecipientId("mum"),
            },
            Progress = reminder ? null : new NewsProgress(thing, rank ?? NewsRanks.Step(1, 1)),
            Addressee = addressee,
            Model = MessageSamples.Of(kind, "en-GB", Formality.Informal),
        };
    }

    /// <summary>What the rules make of a candidate that is the first to be heard of its thing.</summary>
    public static MessageRecord[] Decide(MessageCandidate candidate, DateTimeOffset? now = null, int? known = null) =>
        [.. MessageRules.Decide(candidate, known, now ?? candidate.OccurredAt, Quiet)];

    /// <summary>The outcome's value, or the failure of the test.</summary>
    public static T Value<T>(this Outcome<T> outcome)
    {
        bool failed = outcome.Failed(out Fault? fault, out T? value);
        Assert.False(failed, fault?.Text);
        return value ?? throw new InvalidOperationException("an outcome without fault has a value");
    }
}

using Florist.Customers;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class MessageRulesTests
{
    private const MessageKind Reminder = MessageKind.OccasionReminder;

    public static TheoryData<MessageKind, bool, bool, bool, string> Choices => new()
    {
        // kind, prefers text messages, has e-mail, has mobile, channels
        { MessageKind.OrderConfirmed, false, true, true, "Email" },
        { MessageKind.OrderConfirmed, true, true, true, "Email" },
        { MessageKind.OrderConfirmed, false, false, true, "Sms" },
        { MessageKind.Dispatched, true, true, true, "Email" },
        { MessageKind.OutForDelivery, false, true, true, "Email" },
        { MessageKind.OutForDelivery, true, true, true, "Sms" },
        { MessageKind.OutForDelivery, true, true, false, "Email" },
        { MessageKind.OutForDelivery, false, false, true, "Sms" },
        { MessageKind.NearlyThere, true, true, true, "Sms" },
        { MessageKind.NearlyThere, true, false, true, "Sms" },
        { MessageKind.Delivered, false, true, true, "Email" },
        { MessageKind.Delivered, true, true, true, "Email Sms" },
        { MessageKind.Delivered, true, false, true, "Sms" },
        { MessageKind.AttemptFailed, true, true, true, "Email Sms" },
        { MessageKind.DeliveryFailed, true, true, false, "Email" },
    };

    [Theory]
    [MemberData(nameof(Choices))]
    public void The_kind_and_the_customers_order_of_channels_choose_the_channels(
        MessageKind kind, bool prefersSms, bool hasEmail, bool hasMobile, string channels)
    {
        Addressee addressee = (prefersSms ? Letters.Texter : Letters.Anna) with
        {
            Email = hasEmail ? Letters.Anna.Email : null,
            Mobile = hasMobile ? Letters.Anna.Mobile : null,
        };

        MessageRecord[] messages = Letters.Decide(Letters.Candidate(kind, addressee));

        Assert.Equal(channels, string.Join(' ', messages.Select(message => message.Channel)));
        Assert.All(messages, message => Assert.Equal(MessageState.Pending, message.State));
    }

    [Fact]
    public void Nearly_there_is_not_worth_an_email()
    {
        MessageRecord message = Assert.Single(Letters.Decide(Letters.Candidate(MessageKind.NearlyThere, Letters.Anna)));

        Assert.Equal((MessageState.Suppressed, MessageReasons.ChannelNotPreferred), (message.State, message.Reason));
    }

    [Theory]
    [InlineData(false, false, "")]
    [InlineData(true, false, "Email")]
    [InlineData(false, true, "Sms")]
    [InlineData(true, true, "Email")]
    public void A_reminder_takes_only_channels_that_were_opted_into(bool email, bool sms, string channels)
    {
        Channel[] optIns = [.. new[] { (email, Channel.Email), (sms, Channel.Sms) }
            .Where(pair => pair.Item1).Select(pair => pair.Item2)];
        MessageRecord[] messages = Letters.Decide(Letters.Candidate(Reminder, Letters.Anna.OptedIn(optIns)));

        string sent = string.Join(
            ' ', messages.Where(m => m.State == MessageState.Pending).Select(message => message.Channel));
        Assert.Equal(channels, sent);
        Assert.All(
            messages.Where(message => message.State == MessageState.Suppressed),
            message => Assert.Equal(MessageReasons.NoConsent, message.Reason));
    }

    [Fact]
    public void A_reminder_takes_the_preferred_channel_of_two_that_are_allowed()
    {
        Addressee texter = Letters.Texter.OptedIn(Channel.Email, Channel.Sms);

        Assert.Equal(Channel.Sms, Assert.Single(Letters.Decide(Letters.Candidate(Reminder, texter))).Channel);
    }

    [Theory]
    [InlineData(MessageKind.OrderConfirmed)]
    [InlineData(MessageKind.OccasionReminder)]
    public void A_deleted_customer_gets_nothing(MessageKind kind) => IsSuppressed(
        MessageReasons.CustomerDeleted,
        Letters.Candidate(kind, Letters.Anna.OptedIn(Channel.Email) with { Deleted = true }));

    [Fact]
    public void A_customer_without_addresses_gets_nothing() => IsSuppressed(
        MessageReasons.NoAddress,
        Letters.Candidate(MessageKind.OrderConfirmed, Letters.Anna with { Email = null, Mobile = null }));

    [Fact]
    public void Nobody_is_reminded_of_a_death() => IsSuppressed(
        MessageReasons.Sympathy,
        Letters.Candidate(Reminder, Letters.Anna.OptedIn(Channel.Email)) with { Sympathy = true });

    [Fact]
    public void Nobody_is_reminded_of_somebody_who_died() => IsSuppressed(
        MessageReasons.RecipientDeceased,
        Letters.Candidate(
            Reminder, Letters.Anna.OptedIn(Channel.Email) with { Deceased = [new RecipientId("mum")] }));

    [Fact]
    public void Notices_of_a_sympathy_order_still_go_out()
    {
        MessageCandidate candidate =
            Letters.Candidate(MessageKind.OrderConfirmed, Letters.Anna) with { Sympathy = true };

        Assert.Equal(MessageState.Pending, Assert.Single(Letters.Decide(candidate)).State);
    }

    [Theory]
    [InlineData(10, 11, true)]
    [InlineData(11, 11, false)]
    [InlineData(11, 10, false)]
    [InlineData(13, 1000, true)]
    [InlineData(1000, 500, false)]
    public void News_that_later_news_has_overtaken_is_not_told(int rank, int known, bool suppressed)
    {
        MessageCandidate candidate = Letters.Candidate(MessageKind.OutForDelivery, Letters.Anna, rank: rank);

        MessageRecord message = Assert.Single(Letters.Decide(candidate, known: known));

        Assert.Equal(suppressed ? MessageReasons.Superseded : null, message.Reason);
    }

    [Theory]
    [InlineData(MessageKind.OutForDelivery, 2 * 60)]
    [InlineData(MessageKind.Dispatched, 2 * 60)]
    [InlineData(MessageKind.Delivered, 48 * 60)]
    [InlineData(MessageKind.AttemptFailed, 12 * 60)]
    [InlineData(MessageKind.OrderConfirmed, 3 * 24 * 60)]
    public void News_expires_by_its_kind(MessageKind kind, int minutes)
    {
        MessageCandidate candidate = Letters.Candidate(kind, Letters.Anna);
        DateTimeOffset end = Letters.Morning.AddMinutes(minutes);

        Assert.Equal(MessageState.Pending, Letters.Decide(candidate, end.AddTicks(-1))[0].State);
        MessageRecord late = Assert.Single(Letters.Decide(candidate, end));
        Assert.Equal((MessageState.Expired, MessageReasons.TooLate), (late.State, late.Reason));
        Assert.Null(late.Model);
    }

    [Fact]
    public void A_text_message_waits_for_the_morning()
    {
        MessageCandidate candidate = Letters.Candidate(MessageKind.Delivered, Letters.Texter, Letters.Night);

        MessageRecord[] messages = Letters.Decide(candidate);

        Assert.Equal(MessageState.Pending, messages.Single(m => m.Channel == Channel.Email).State);
        MessageRecord sms = messages.Single(message => message.Channel == Channel.Sms);
        Assert.Equal((MessageState.Deferred, MessageReasons.QuietHours), (sms.State, sms.Reason));
        Assert.Equal(Letters.NextMorning, sms.NotBefore);
    }

    [Fact]
    public void A_text_message_that_would_be_useless_in_the_morning_becomes_an_email()
    {
        MessageCandidate candidate = Letters.Candidate(MessageKind.OutForDelivery, Letters.Texter, Letters.Night);

        MessageRecord message = Assert.Single(Letters.Decide(candidate));

        Assert.Equal((Channel.Email, MessageState.Pending), (message.Channel, message.State));
        Assert.Equal(Channel.Sms, message.InsteadOf);
    }

    [Fact]
    public void Without_an_email_address_such_a_text_message_is_recorded_as_expired()
    {
        Addressee mobileOnly = Letters.Texter with { Email = null };

        MessageRecord message = Assert.Single(
            Letters.Decide(Letters.Candidate(MessageKind.OutForDelivery, mobileOnly, Letters.Night)));

        Assert.Equal((MessageState.Expired, MessageReasons.QuietHours), (message.State, message.Reason));
    }

    [Fact]
    public void A_customer_who_may_have_to_act_is_woken()
    {
        MessageRecord[] messages =
            Letters.Decide(Letters.Candidate(MessageKind.AttemptFailed, Letters.Texter, Letters.Night));

        Assert.Equal(2, messages.Length);
        Assert.All(messages, message => Assert.Equal(MessageState.Pending, message.State));
    }

    [Fact]
    public void A_decision_leaves_a_trace_without_personal_data()
    {
        MessageCandidate candidate = Letters.Candidate(Reminder, Letters.Anna);

        MessageRecord message = Assert.Single(Letters.Decide(candidate));

        Assert.Equal(["customer", "sympathy", "recipient", "progress", "expiry", "email", "sms"], message.Gates.Select(g => g.Name));
        Assert.Equal(["email", "sms"], message.Gates.Where(gate => !gate.Passed).Select(gate => gate.Name));
        string all = string.Join(' ', message.Gates.Select(gate => gate.Input));
        Assert.DoesNotContain("anna@example.com", all, StringComparison.Ordinal);
        Assert.DoesNotContain("+44", all, StringComparison.Ordinal);
    }

    private static void IsSuppressed(string reason, MessageCandidate candidate)
    {
        MessageRecord message = Assert.Single(Letters.Decide(candidate));
        Assert.Equal((MessageState.Suppressed, reason), (message.State, message.Reason));
        Assert.True(message.IsOver);
        Assert.Null(message.Model);
    }
}

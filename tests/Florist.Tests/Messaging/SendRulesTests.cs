using Florist.Customers;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class SendRulesTests
{
    private static readonly DateTimeOffset Now = Letters.Morning;

    [Fact]
    public void The_intent_names_address_attempt_and_instant()
    {
        SendStep step = Begin(Pending());

        Assert.Equal(SendVerdict.Send, step.Verdict);
        Assert.Equal(MessageState.Sending, step.Message.State);
        Assert.Equal((1, Now, Letters.Anna.Email), (step.Message.Attempts, step.Message.AttemptedAt, step.Message.To));
        Assert.Equal(1, step.Message.Turn);
    }

    [Theory]
    [InlineData(MessageState.Sent)]
    [InlineData(MessageState.Failed)]
    [InlineData(MessageState.Expired)]
    [InlineData(MessageState.Suppressed)]
    [InlineData(MessageState.Uncertain)]
    public void What_is_over_is_not_sent_again(MessageState state)
    {
        MessageRecord over = Pending() with { State = state };

        Assert.Equal(new SendStep(over, SendVerdict.Over), Begin(over));
    }

    [Theory]
    [InlineData(1, SendVerdict.Over)]
    [InlineData(2, SendVerdict.Send)]
    [InlineData(3, SendVerdict.Over)]
    public void An_order_to_send_of_another_turn_is_an_old_one(int turn, SendVerdict verdict) => Assert.Equal(
        verdict, SendRules.Begin(Pending() with { Turn = 2 }, turn, Letters.Anna, null, Now, Letters.Settings).Verdict);

    [Fact]
    public void After_a_restore_the_provider_is_asked_once_about_what_occurred_before()
    {
        SendSettings restored = Letters.Settings with { RestoredAt = Now };
        MessageRecord before = Pending() with { OccurredAt = Now.AddMinutes(-1) };

        SendStep first = SendRules.Begin(before, before.Turn, Letters.Anna, null, Now, restored);
        Assert.Equal((SendVerdict.Ask, before.OccurredAt, Letters.Anna.Email),
            (first.Verdict, first.Message.AttemptedAt, first.Message.To));

        SendStep found = SendRules.AfterAsking(first.Message, LookupOutcome.Found("id"), Now);
        Assert.Equal((MessageState.Sent, before.OccurredAt), (found.Message.State, found.Message.SentAt));

        MessageRecord again = SendRules.AfterAsking(first.Message, LookupOutcome.NotFound, Now).Message;
        SendStep second = SendRules.Begin(again, again.Turn, Letters.Anna, null, Now, restored);
        Assert.Equal((SendVerdict.Send, 1), (second.Verdict, second.Message.Attempts));
    }

    [Fact]
    public void After_a_restore_what_occurs_later_is_sent_without_asking()
    {
        SendSettings restored = Letters.Settings with { RestoredAt = Now };

        SendStep step = SendRules.Begin(Pending() with { OccurredAt = Now }, 1, Letters.Anna, null, Now, restored);

        Assert.Equal(SendVerdict.Send, step.Verdict);
    }

    [Fact]
    public void An_attempt_that_was_lost_is_asked_for_once_it_must_have_ended()
    {
        MessageRecord sending = Begin(Pending()).Message;

        SendStep early = SendRules.Begin(
            sending, sending.Turn, Letters.Anna, null, Now.AddSeconds(59), Letters.Settings);
        Assert.Equal(SendVerdict.Over, early.Verdict);
        Assert.Equal((MessageState.Uncertain, 2), (early.Message.State, early.Message.Turn));
        Assert.Equal(Now.AddMinutes(1), early.Message.NotBefore);

        SendStep late = SendRules.Begin(
            early.Message, 2, Letters.Anna, null, Now.AddMinutes(1), Letters.Settings);
        Assert.Equal(new SendStep(early.Message, SendVerdict.Ask), late);
    }

    [Theory]
    [InlineData("withdrawn", MessageState.Suppressed, MessageReasons.NoConsent)]
    [InlineData("deleted", MessageState.Suppressed, MessageReasons.CustomerDeleted)]
    [InlineData("gone", MessageState.Suppressed, MessageReasons.CustomerDeleted)]
    [InlineData("addressless", MessageState.Suppressed, MessageReasons.NoAddress)]
    [InlineData("deceased", MessageState.Suppressed, MessageReasons.RecipientDeceased)]
    public void What_changed_since_the_decision_stops_a_reminder_at_the_last_moment(
        string change, MessageState state, string reason)
    {
        Addressee told = Letters.Anna.OptedIn(Channel.Email);
        MessageRecord reminder =
            Assert.Single(Letters.Decide(Letters.Candidate(MessageKind.OccasionReminder, told)));
        Addressee? changed = change switch
        {
            "withdrawn" => Letters.Anna,
            "deleted" => told with { Deleted = true },
            "addressless" => told with { Email = null },
            "deceased" => told with { Deceased = [new RecipientId("mum")] },
            _ => null,
        };

        SendStep step = SendRules.Begin(reminder, 1, changed, null, Now, Letters.Settings);

        Assert.Equal(SendVerdict.Over, step.Verdict);
        Assert.Equal((state, reason), (step.Message.State, step.Message.Reason));
        Assert.True(step.Message.IsOver);
    }

    [Fact]
    public void Later_news_stops_a_message_that_waited()
    {
        SendStep step = SendRules.Begin(
            Pending(), 1, Letters.Anna, NewsRanks.DeliveryEnded, Now, Letters.Settings);

        Assert.Equal(MessageReasons.Superseded, step.Message.Reason);
    }

    [Fact]
    public void What_may_have_arrived_is_never_recorded_as_not_sent_when_its_repeat_comes_to_nothing()
    {
        MessageRecord again = Pending() with { Resent = true, AttemptedAt = Now, Attempts = 1 };
        Addressee gone = Letters.Anna with { Deleted = true };

        MessageRecord[] ends =
        [
            SendRules.Begin(again, 1, Letters.Anna, NewsRanks.DeliveryEnded, Now, Letters.Settings).Message,
            Begin(again, again.ExpiresAt).Message,
            SendRules.Begin(again, 1, null, null, Now, Letters.Settings).Message,
            SendRules.Stop(again, gone),
            SendRules.Dropped(again),
        ];

        Assert.All(ends, end => Assert.Equal(
            (MessageState.Uncertain, MessageReasons.OutcomeUnknown, true), (end.State, end.Reason, end.IsOver)));
    }

    [Fact]
    public void What_waited_too_long_expires()
    {
        MessageRecord message = Pending();

        Assert.Equal(SendVerdict.Send, Begin(message, message.ExpiresAt.AddTicks(-1)).Verdict);
        Assert.Equal(MessageState.Expired, Begin(message, message.ExpiresAt).Message.State);
    }

    [Fact]
    public void A_text_message_that_waited_into_the_night_waits_for_the_morning()
    {
        MessageRecord sms = Letters.Decide(Letters.Candidate(MessageKind.Delivered, Letters.Texter))
            .Single(message => message.Channel == Channel.Sms);

        SendStep step = SendRules.Begin(sms, 1, Letters.Texter, null, Letters.Night, Letters.Settings);

        Assert.Equal((SendVerdict.Over, MessageState.Deferred), (step.Verdict, step.Message.State));
        Assert.Equal((Letters.NextMorning, 2), (step.Message.NotBefore, step.Message.Turn));
    }

    [Fact]
    public void An_accepted_message_is_sent_with_the_providers_id()
    {
        MessageRecord sent = After(SendOutcome.Accepted("SM1"));

        Assert.Equal((MessageState.Sent, "SM1", Now), (sent.State, sent.ProviderId, sent.SentAt));
        Assert.True(sent.IsOver);
    }

    [Theory]
    [InlineData(1, 22.5, 30)]
    [InlineData(2, 45, 60)]
    [InlineData(5, 360, 480)]
    [InlineData(30, 675, 900)]
    public void The_wait_doubles_up_to_a_quarter_of_an_hour(int failures, double least, double most) => Assert.InRange(
        SendRules.Wait(Pending(), failures).TotalSeconds, least, most);

    [Theory]
    [InlineData(null, 22.5, 30)]
    [InlineData(5, 22.5, 30)]
    [InlineData(600, 600, 600)]
    [InlineData(86400, 3600, 3600)]
    public void A_deferred_message_waits_at_least_as_long_as_the_provider_asks(int? asked, double least, double most)
    {
        TimeSpan? retryAfter = asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        MessageRecord later = After(SendOutcome.Deferred(SendProblem.Throttled, "429", "", retryAfter));

        Assert.Equal((MessageState.Deferred, "THROTTLED", 2), (later.State, later.Reason, later.Turn));
        Assert.InRange((later.NotBefore - Now)?.TotalSeconds ?? 0, least, most);
    }

    [Fact]
    public void A_message_that_would_be_useless_at_the_next_try_expires()
    {
        MessageRecord sending = Begin(Pending()).Message;
        DateTimeOffset nearEnd = sending.ExpiresAt.AddSeconds(-20);

        MessageRecord ended = SendRules.AfterSending(
            sending, SendOutcome.Deferred(SendProblem.Unavailable, "421", ""), nearEnd, Letters.Settings).Message;

        Assert.Equal((MessageState.Expired, "UNAVAILABLE", 1), (ended.State, ended.Reason, ended.Turn));
    }

    [Fact]
    public void A_lost_answer_is_never_followed_by_a_blind_repeat()
    {
        SendStep step = SendRules.AfterSending(
            Begin(Pending()).Message, SendOutcome.Uncertain("TIMEOUT", ""), Now.AddSeconds(5), Letters.Settings);

        Assert.Equal((MessageState.Uncertain, Now.AddMinutes(1)), (step.Message.State, step.Message.NotBefore));
        Assert.Equal(
            SendVerdict.Ask,
            SendRules.Begin(step.Message, 2, Letters.Anna, null, Now.AddMinutes(1), Letters.Settings).Verdict);
    }

    [Fact]
    public void What_the_provider_has_was_sent_when_it_was_attempted()
    {
        MessageRecord found = SendRules.AfterAsking(
            Begin(Pending()).Message, LookupOutcome.Found("SM9"), Now.AddHours(1)).Message;

        Assert.Equal((MessageState.Sent, "SM9", Now), (found.State, found.ProviderId, found.SentAt));
    }

    [Fact]
    public void What_the_provider_does_not_have_is_sent_again_while_it_is_of_use()
    {
        MessageRecord sending = Begin(Pending()).Message;

        MessageRecord again = SendRules.AfterAsking(sending, LookupOutcome.NotFound, Now.AddMinutes(1)).Message;
        Assert.Equal((MessageState.Pending, 2, false), (again.State, again.Turn, again.Resent));

        MessageRecord late = SendRules.AfterAsking(sending, LookupOutcome.NotFound, sending.ExpiresAt).Message;
        Assert.Equal(MessageState.Expired, late.State);
    }

    [Theory]
    [InlineData(MessageKind.OrderConfirmed, true)]
    [InlineData(MessageKind.Delivered, true)]
    [InlineData(MessageKind.AttemptFailed, true)]
    [InlineData(MessageKind.OutForDelivery, false)]
    [InlineData(MessageKind.OccasionReminder, false)]
    public void Where_nobody_can_tell_only_what_must_not_be_missed_is_repeated_and_only_once(
        MessageKind kind, bool repeated)
    {
        MessageRecord first = Letters.Decide(Letters.Candidate(kind, Letters.Anna.OptedIn(Channel.Email)))[0];
        MessageRecord sending =
            SendRules.Begin(first, 1, Letters.Anna.OptedIn(Channel.Email), null, Now, Letters.Settings).Message;

        MessageRecord after = SendRules.AfterAsking(sending, LookupOutcome.CannotTell, Now.AddMinutes(1)).Message;

        Assert.Equal(repeated ? MessageState.Pending : MessageState.Uncertain, after.State);
        Assert.Equal((repeated, !repeated), (after.Resent, after.IsOver));
        MessageRecord second = SendRules.AfterAsking(
            after with { State = MessageState.Sending }, LookupOutcome.CannotTell, Now.AddMinutes(2)).Message;
        Assert.Equal((MessageState.Uncertain, true), (second.State, second.IsOver));
    }

    [Fact]
    public void A_provider_that_cannot_be_reached_is_asked_a_few_times_and_then_counts_as_silent()
    {
        MessageRecord message = Begin(Pending()).Message;
        int asks = 0;
        while (!message.IsOver)
        {
            message = SendRules.AfterAsking(message, LookupOutcome.AskLater, Now.AddMinutes(1)).Message;
            Assert.InRange(++asks, 1, SendRules.AsksMax);
        }

        Assert.Equal(SendRules.AsksMax, asks);
        Assert.Equal((MessageState.Uncertain, MessageReasons.OutcomeUnknown), (message.State, message.Reason));
    }

    [Theory]
    [InlineData(SendProblem.NotMobile, true)]
    [InlineData(SendProblem.OptedOut, true)]
    [InlineData(SendProblem.InvalidAddress, true)]
    [InlineData(SendProblem.Unroutable, true)]
    [InlineData(SendProblem.NotPermitted, true)]
    [InlineData(SendProblem.ContentRefused, false)]
    public void A_refused_number_makes_way_for_an_email_once(SendProblem problem, bool takesOver)
    {
        MessageRecord sms = Letters.Decide(Letters.Candidate(MessageKind.OutForDelivery, Letters.Texter)).Single();
        MessageRecord failed = SendRules.AfterSending(
            sms with { State = MessageState.Sending },
            SendOutcome.Rejected(problem, "21614", ""),
            Now,
            Letters.Settings).Message;

        MessageRecord? email = SendRules.Instead(failed, problem, Letters.Texter, Now, Letters.Settings);

        Assert.Equal(MessageState.Failed, failed.State);
        Assert.Equal(takesOver ? Channel.Email : null, email?.Channel);
        if (email is not null)
        {
            Assert.Equal((MessageState.Pending, 1, 0), (email.State, email.Turn, email.Attempts));
            Assert.NotEqual(sms.Id, email.Id);
            MessageRecord refusedToo = email with { State = MessageState.Failed };
            Assert.Null(SendRules.Instead(refusedToo, problem, Letters.Texter, Now, Letters.Settings));
        }
    }

    [Fact]
    public void A_reminder_does_not_change_to_a_channel_that_was_not_opted_into()
    {
        Addressee texter = Letters.Texter.OptedIn(Channel.Sms);
        MessageRecord failed = Letters.Decide(Letters.Candidate(MessageKind.OccasionReminder, texter)).Single()
            with
        { State = MessageState.Failed };

        Assert.Null(SendRules.Instead(failed, SendProblem.NotMobile, texter, Now, Letters.Settings));
    }

    private static MessageRecord Pending() =>
        Letters.Decide(Letters.Candidate(MessageKind.OutForDelivery, Letters.Anna)).Single();

    private static SendStep Begin(MessageRecord message, DateTimeOffset? at = null) =>
        SendRules.Begin(message, message.Turn, Letters.Anna, null, at ?? Now, Letters.Settings);

    private static MessageRecord After(SendOutcome outcome) =>
        SendRules.AfterSending(Begin(Pending()).Message, outcome, Now, Letters.Settings).Message;
}

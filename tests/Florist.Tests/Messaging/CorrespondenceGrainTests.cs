using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

public sealed class CorrespondenceGrainTests
{
    private static readonly TimeSpan LongEnough = TimeSpan.FromHours(6);
    private static readonly string[] Personal = ["example.com", "+4477", "Alice", "Moore", "Rose"];

    [Fact]
    public async Task A_proposed_message_is_rendered_sent_and_recorded()
    {
        await using LetterShop shop = await LetterShop.Open();

        MessageDecision decision = Assert.Single(await shop.Propose(MessageKind.OrderConfirmed));
        await shop.Shop.RunDue();

        MessageRecord message = await shop.Message();
        Assert.Equal((decision.MessageId, MessageState.Sent, 1), (message.Id, message.State, message.Attempts));
        Assert.Equal($"P-anna.{message.Id}", message.ProviderId);
        OutgoingEmail email = Assert.Single(shop.Email.Emails);
        Assert.Equal(new Mailbox("anna@example.com", "Alice Moore"), email.To);
        Assert.Equal((email.Subject, message.DecidedAt), (message.Subject, email.Date));
        Assert.Contains("Your payment has gone through", email.Text, StringComparison.Ordinal);
        Assert.Contains("<!DOCTYPE html>", email.Html, StringComparison.Ordinal);
        Assert.Equal(0, await shop.Shop.RunDue());
    }

    [Fact]
    public async Task The_same_news_is_told_once_however_often_it_comes_also_after_a_crash()
    {
        await using LetterShop shop = await LetterShop.Open();
        ImmutableArray<MessageDecision> first = await shop.Propose(MessageKind.OrderConfirmed, at: Letters.Morning);
        ImmutableArray<MessageDecision> second = await shop.Propose(MessageKind.OrderConfirmed, at: Letters.Morning);
        await shop.Shop.RunDue();
        await shop.Shop.Restart(crash: true);
        ImmutableArray<MessageDecision> third = await shop.Propose(MessageKind.OrderConfirmed, at: Letters.Morning);
        await shop.Shop.RunDue();

        Assert.Equal(first, second);
        Assert.Equal(MessageState.Sent, Assert.Single(third).State);
        Assert.Single(shop.Email.Taken);
        Assert.Single(await shop.Messages());
    }

    [Fact]
    public async Task While_a_promise_is_open_nothing_goes_out_but_news_of_orders_and_then_the_rest_follows()
    {
        await using LetterShop shop = await LetterShop.Open();
        PromiseNote open = new("o1/1", 1, IsOpen: true);

        await shop.Correspondence.Note(open, null);
        MessageDecision reminder = Assert.Single(await shop.Propose(MessageKind.OccasionReminder));
        MessageDecision notice = Assert.Single(await shop.Propose(MessageKind.OrderConfirmed));
        await shop.Shop.RunUntil(shop.Shop.Time.GetUtcNow().AddHours(7));
        MessageState[] meanwhile = [.. (await shop.Messages()).Select(message => message.State).Order()];
        await shop.Correspondence.Note(open with { News = 2, IsOpen = false }, null);
        await shop.Correspondence.Note(open, null);
        await shop.Shop.RunUntil(shop.Shop.Time.GetUtcNow().AddHours(7));

        Assert.Equal((MessageState.Deferred, MessageReasons.PromiseOpen), (reminder.State, reminder.Reason));
        Assert.Equal(MessageState.Pending, notice.State);
        Assert.Equal([MessageState.Deferred, MessageState.Sent], meanwhile);
        Assert.All(await shop.Messages(), message => Assert.Equal(MessageState.Sent, message.State));
    }

    [Fact]
    public async Task News_that_wants_two_channels_makes_two_messages()
    {
        await using LetterShop shop = await LetterShop.OpenForTexter();

        await shop.Propose(MessageKind.Delivered, NewsRanks.DeliveryEnded);
        await shop.Shop.RunDue();

        Assert.Equal([Channel.Sms, Channel.Email], (await shop.Messages()).Select(message => message.Channel));
        Assert.Equal("anna@example.com", Assert.Single(shop.Email.Taken).To);
        (string _, string to, string body, TimeSpan? validity) = Assert.Single(shop.Sms.Taken);
        Assert.Equal(("+447700900001", TimeSpan.FromHours(10) <= validity), (to, true));
        Assert.StartsWith("Florist: ", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_told_after_what_has_overtaken_it()
    {
        await using LetterShop shop = await LetterShop.Open();

        await shop.Propose(MessageKind.Delivered, NewsRanks.DeliveryEnded);
        MessageDecision late = Assert.Single(
            await shop.Propose(MessageKind.OutForDelivery, NewsRanks.Step(1, 1)));
        await shop.Shop.RunDue();

        Assert.Equal((MessageState.Suppressed, MessageReasons.Superseded), (late.State, late.Reason));
        Assert.Single(shop.Email.Taken);
    }

    [Fact]
    public async Task What_waits_is_overtaken_too()
    {
        await using LetterShop shop = await LetterShop.Open();
        shop.Email.Then(SendOutcome.Deferred(SendProblem.Throttled, "421", "busy"));
        await shop.Propose(MessageKind.OutForDelivery, NewsRanks.Step(1, 1));
        await shop.Shop.RunDue();
        await shop.Propose(MessageKind.Delivered, NewsRanks.DeliveryEnded);

        await shop.Pass(LongEnough);

        ImmutableArray<MessageRecord> all = await shop.Messages();
        Assert.Equal(
            MessageReasons.Superseded, all.Single(message => message.Kind == MessageKind.OutForDelivery).Reason);
        Assert.Equal(MessageState.Sent, all.Single(message => message.Kind == MessageKind.Delivered).State);
        Assert.Single(shop.Email.Taken);
    }

    [Fact]
    public async Task A_text_message_of_the_night_leaves_in_the_morning()
    {
        await using LetterShop shop = await LetterShop.OpenForTexter();
        shop.Shop.Time.Set(Letters.Night);
        await shop.Propose(MessageKind.Delivered, NewsRanks.DeliveryEnded);

        await shop.Shop.RunUntil(Letters.NextMorning.AddSeconds(-1));
        Assert.Single(shop.Email.Taken);
        Assert.Empty(shop.Sms.Taken);
        await shop.Shop.RunUntil(Letters.NextMorning);

        Assert.Single(shop.Sms.Taken);
        Assert.All(await shop.Messages(), message => Assert.Equal(MessageState.Sent, message.State));
    }

    [Fact]
    public async Task A_deferred_message_is_tried_until_it_is_taken()
    {
        await using LetterShop shop = await LetterShop.Open();
        for (int i = 0; i < 5; i++)
        {
            shop.Email.Then(SendOutcome.Deferred(SendProblem.Unavailable, "451", "later"));
        }

        await shop.Propose(MessageKind.OrderConfirmed);
        await shop.Pass(LongEnough);

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Sent, 6, 6), (message.State, message.Attempts, message.Turn));
        Assert.Equal("451", message.ProviderCode);
        Assert.Single(shop.Email.Taken);
    }

    [Fact]
    public async Task A_message_that_nobody_takes_in_time_expires()
    {
        await using LetterShop shop = await LetterShop.Open();
        for (int i = 0; i < 100; i++)
        {
            shop.Email.Then(SendOutcome.Deferred(SendProblem.Unavailable, "451", "later"));
        }

        await shop.Propose(MessageKind.OutForDelivery);
        await shop.Pass(LongEnough);

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Expired, "UNAVAILABLE"), (message.State, message.Reason));
        Assert.InRange(message.Attempts, 5, 30);
        Assert.Equal(0, await shop.Shop.RunDue());
    }

    [Fact]
    public async Task A_refused_number_makes_way_for_an_email()
    {
        await using LetterShop shop = await LetterShop.OpenForTexter();
        shop.Sms.Then(SendOutcome.Rejected(SendProblem.NotMobile, "21614", "not a mobile number"));

        await shop.Propose(MessageKind.OutForDelivery);
        await shop.Shop.RunDue();

        ImmutableArray<MessageRecord> all = await shop.Messages();
        MessageRecord sms = all.Single(message => message.Channel == Channel.Sms);
        MessageRecord email = all.Single(message => message.Channel == Channel.Email);
        Assert.Equal((MessageState.Failed, "NOT_MOBILE", "21614"), (sms.State, sms.Reason, sms.ProviderCode));
        Assert.Equal((MessageState.Sent, Channel.Sms), (email.State, email.InsteadOf));
    }

    [Fact]
    public async Task A_refused_number_needs_no_second_email_where_one_has_gone_out()
    {
        await using LetterShop shop = await LetterShop.OpenForTexter();
        shop.Sms.Then(SendOutcome.Rejected(SendProblem.OptedOut, "21610", "opted out"));

        await shop.Propose(MessageKind.Delivered, NewsRanks.DeliveryEnded);
        await shop.Shop.RunDue();

        Assert.Equal(2, (await shop.Messages()).Length);
        Assert.Single(shop.Email.Taken);
    }

    [Fact]
    public async Task A_lost_answer_is_found_out_and_the_message_is_not_sent_twice()
    {
        await using LetterShop shop = await LetterShop.OpenForTexter();
        await shop.Propose(MessageKind.AttemptFailed);
        await shop.Shop.RunDue();
        shop.Sms.ThenLoseTheAnswer().Deaf = 2;
        await shop.Propose(MessageKind.OutForDelivery, NewsRanks.Step(2, 1));
        await shop.Shop.RunDue();
        MessageRecord lost = (await shop.Messages()).Single(message => message.Kind == MessageKind.OutForDelivery);
        Assert.Equal((MessageState.Uncertain, false), (lost.State, lost.IsOver));

        await shop.Pass(LongEnough);

        MessageRecord found = (await shop.Messages()).Single(message => message.Kind == MessageKind.OutForDelivery);
        Assert.Equal((MessageState.Sent, 1), (found.State, found.Attempts));
        Assert.Equal(2, shop.Sms.Taken.Count);
        Assert.Equal(3, shop.Sms.Asked);
        Assert.Equal(lost.AttemptedAt, shop.Sms.LastHint?.AttemptedAt);
        string other = Assert.Single(shop.Sms.LastHint?.OtherProviderIds ?? []);
        Assert.Equal($"P-{shop.Sms.Taken[0].Key}", other);
    }

    [Theory]
    [InlineData(MessageKind.OrderConfirmed, 2, MessageState.Sent, true)]
    [InlineData(MessageKind.OccasionReminder, 1, MessageState.Uncertain, false)]
    public async Task Where_the_provider_cannot_tell_the_kind_decides(
        MessageKind kind, int taken, MessageState state, bool resent)
    {
        await using LetterShop shop = await LetterShop.Open();
        shop.Email.CanTell = false;
        shop.Email.ThenLoseTheAnswer();

        await shop.Propose(kind);
        await shop.Pass(LongEnough);

        MessageRecord message = await shop.Message();
        Assert.Equal((state, resent, true), (message.State, message.Resent, message.IsOver));
        Assert.Equal(taken, shop.Email.Taken.Count);
        Assert.Single(shop.Email.Taken.Select(each => each.Key).Distinct());
    }

    [Fact]
    public async Task A_consent_withdrawn_before_the_attempt_stops_the_reminder()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OccasionReminder);
        (await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Update(new UpdateCustomer(
            null, null, new CustomerProfile(), ["preferences.opt_ins"]))).Value();

        await shop.Shop.RunDue();

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Suppressed, MessageReasons.NoConsent), (message.State, message.Reason));
        Assert.Empty(shop.Email.Taken);
    }

    [Fact]
    public async Task A_deleted_customer_gets_nothing_and_a_purged_one_leaves_nothing()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OrderConfirmed);
        (await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Delete(new DeleteCustomer(null, null))).Value();
        await shop.Shop.RunDue();
        Assert.Equal(MessageReasons.CustomerDeleted, (await shop.Message()).Reason);
        Assert.Empty(shop.Email.Taken);

        await shop.Pass(TimeSpan.FromDays(60));

        Assert.True((await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Get()).Failed(out _, out _));
        Assert.Empty(await shop.Messages());
        Assert.Equal(Done.Value, await shop.Correspondence.Purge());
    }

    [Fact]
    public async Task A_template_that_fails_fails_its_message_for_all_to_see()
    {
        await using LetterShop shop = await LetterShop.Open();
        CustomerView customer = (await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Get()).Value();
        MessageCandidate candidate = Letters.Candidate(MessageKind.Delivered, Addressee.Of(customer));

        await shop.Correspondence.Propose(
            candidate with { Model = new MessageModel { Kind = MessageKind.Delivered } });
        await shop.Shop.RunDue();

        MessageRecord message = await shop.Message();
        Assert.Equal(
            (MessageState.Failed, "CONTENT_REFUSED", "RENDER_FAILED"),
            (message.State, message.Reason, message.ProviderCode));
        Assert.Empty(shop.Email.Taken);
        Assert.Contains(
            shop.Shop.Log.Entries, entry => entry.Text.Contains("could not be rendered", StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_log_line_tells_who_the_customer_is()
    {
        await using LetterShop shop = await LetterShop.OpenForTexter();
        shop.Sms.Then(SendOutcome.Rejected(SendProblem.NotMobile, "21614", "no"));
        await shop.Propose(MessageKind.OutForDelivery);
        await shop.Propose(MessageKind.OrderConfirmed);
        await shop.Shop.RunDue();

        string log = string.Join('\n', shop.Shop.Log.Entries.Select(entry => entry.Text));
        Assert.Contains("Message ", log, StringComparison.Ordinal);
        Assert.All(
            Personal,
            word => Assert.DoesNotContain(word, log, StringComparison.Ordinal));
    }
}

using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Messaging;

/// <summary>Nothing that is paused is handed to a provider, and nothing of it is lost.</summary>
public sealed class SendPausesGrainTests
{
    private static readonly OperatorOrder Kim = new(null, "staff:kim", "the prices are wrong");
    private static readonly SendScope Everything = new(null, null);

    [Fact]
    public async Task What_is_paused_stays_also_after_a_crash_and_leaves_when_it_is_resumed()
    {
        await using LetterShop shop = await LetterShop.Open();
        await Pause(shop, new SendScope(Channel.Email, null));
        await shop.Propose(MessageKind.OrderConfirmed);

        await shop.Shop.RunDue();
        await shop.Shop.Restart(crash: true);
        await shop.Pass(TimeSpan.FromHours(2));
        Assert.Equal(0, shop.Email.Attempts);
        Assert.Equal(MessageState.Pending, (await shop.Message()).State);

        await Resume(shop, "email");
        await shop.Shop.RunDue();
        Assert.Equal(1, shop.Email.Attempts);
        Assert.Equal(MessageState.Sent, (await shop.Message()).State);
    }

    [Fact]
    public async Task A_pause_of_a_kind_lets_other_kinds_go()
    {
        await using LetterShop shop = await LetterShop.Open();
        await Pause(shop, new SendScope(null, MessageKind.OccasionReminder));
        await shop.Propose(MessageKind.OccasionReminder);
        await shop.Propose(MessageKind.OrderConfirmed);

        await shop.Shop.RunDue();

        Assert.Equal(
            [(MessageKind.OrderConfirmed, MessageState.Sent), (MessageKind.OccasionReminder, MessageState.Pending)],
            (await shop.Messages()).Select(message => (message.Kind, message.State)).Order());
    }

    [Fact]
    public async Task What_becomes_useless_during_a_pause_is_recorded_when_it_does_and_never_sent()
    {
        await using LetterShop shop = await LetterShop.Open();
        await Pause(shop, Everything);
        await shop.Propose(MessageKind.Dispatched);
        MessageRecord message = await shop.Message();

        await shop.Shop.RunUntil(message.ExpiresAt.AddMilliseconds(-1));
        Assert.Equal(MessageState.Pending, (await shop.Message()).State);
        await shop.Shop.RunUntil(message.ExpiresAt.AddMilliseconds(1));

        Assert.Equal((MessageState.Expired, MessageReasons.TooLate), Of(await shop.Message()));
        await Resume(shop, "everything");
        await shop.Shop.RunDue();
        Assert.Equal(0, shop.Email.Attempts);
    }

    [Fact]
    public async Task A_pause_is_answered_after_the_attempts_that_had_begun_before_it()
    {
        HeldProvider provider = new();
        await using LetterShop shop = await LetterShop.Open(
            more: services => services.AddSingleton<IEmailTransport>(provider));
        await shop.Propose(MessageKind.OrderConfirmed);
        Task sending = shop.Shop.RunDue();
        await provider.Began.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Task<Outcome<PausedSends>> pausing = shop.Shop.Get<ISendSwitch>().Pause(new PauseSends(Kim, Everything));
        ISendPausesGrain pauses = Pauses(shop);
        while ((await pauses.List()).IsEmpty)
        {
            await Task.Yield();
        }

        Assert.False(await pauses.Enter(new SendAttempt("late", Channel.Email, MessageKind.OrderConfirmed)));
        Assert.False(pausing.IsCompleted);
        provider.Answer.SetResult();

        Assert.Equal(0, (await pausing).OrThrow().UnderWay);
        await sending;
        Assert.Equal(MessageState.Sent, (await shop.Message()).State);
    }

    [Fact]
    public async Task An_attempt_that_never_tells_its_end_is_waited_for_no_longer_than_one_may_last()
    {
        await using LetterShop shop = await LetterShop.Open(more: services => services.Configure<MessagingOptions>(
            options => options.SendTimeout = TimeSpan.FromSeconds(1)));
        Assert.True(await Pauses(shop).Enter(new SendAttempt("lost", Channel.Sms, null)));

        PausedSends paused = (await shop.Shop.Get<ISendSwitch>().Pause(
            new PauseSends(Kim, new SendScope(null, MessageKind.Delivered)))).OrThrow();

        Assert.InRange(paused.UnderWay, 0, 1);
        Assert.Equal(0, await Pauses(shop).AwaitAttempts(Everything));
    }

    [Theory]
    [InlineData(null, null, "everything", true, true)]
    [InlineData(Channel.Sms, null, "sms", true, true)]
    [InlineData(Channel.Email, null, "email", false, false)]
    [InlineData(null, MessageKind.NearlyThere, "nearly-there", true, true)]
    [InlineData(Channel.Sms, MessageKind.NearlyThere, "sms-nearly-there", true, true)]
    [InlineData(Channel.Sms, MessageKind.Delivered, "sms-delivered", false, true)]
    public void A_pause_concerns_its_channel_and_kind_and_what_may_be_of_it(
        Channel? channel, MessageKind? kind, string id, bool known, bool unknown)
    {
        SendScope scope = new(channel, kind);

        Assert.Equal(id, scope.Id);
        Assert.Equal(known, scope.Concerns(new SendAttempt("m", Channel.Sms, MessageKind.NearlyThere)));
        Assert.Equal(unknown, scope.Concerns(new SendAttempt("m", Channel.Sms, null)));
    }

    [Fact]
    public async Task Pausing_twice_answers_the_first_pause_and_resuming_what_has_changed_is_refused()
    {
        await using LetterShop shop = await LetterShop.Open();
        SendPause first = await Pause(shop, Everything);
        SendPause second = (await Pauses(shop).Pause(
            new PauseSends(Kim with { Actor = "staff:lee" }, Everything))).OrThrow();
        await Resume(shop, "everything");
        SendPause third = await Pause(shop, Everything);

        Outcome<SendPause> stale = await Pauses(shop).Resume(
            new ResumeSends(Kim, "everything", Etags.Of(first.Revision)));
        Outcome<SendPause> none = await Pauses(shop).Resume(new ResumeSends(Kim, "sms", null));

        Assert.Equal(first, second);
        Assert.NotEqual(first.Revision, third.Revision);
        Assert.Equal("ETAG_MISMATCH", stale.Fault?.Reason);
        Assert.Equal("NOT_FOUND", none.Fault?.Reason);
    }

    [Fact]
    public async Task Pauses_are_on_record_and_a_repeat_of_an_order_has_no_second_effect()
    {
        await using LetterShop shop = await LetterShop.Open();
        await Pause(shop, Everything);
        ResumeSends order = new(
            Kim with { RequestId = "8f14e45f-ceea-467f-a0e6-0242ac120002" }, "everything", null);
        SendPause ended = (await Pauses(shop).Resume(order)).OrThrow();
        SendPause again = (await Pauses(shop).Resume(order)).OrThrow();

        Page<OperatorAction> actions = await shop.Shop.Get<IOperatorActions>().List(
            IOperatorActions.Filters.Parse("").OrThrow(), new PageRequest(10, null), default);

        Assert.Equal(ended, again);
        Assert.Equal(["PAUSE_SENDS", "RESUME_SENDS"], actions.Items.Select(action => action.Verb).Order());
        Assert.All(actions.Items, action => Assert.Equal(
            ("staff:kim", "the prices are wrong", "sendPauses/everything"),
            (action.Actor, action.Reason, action.Subject)));
    }

    [Fact]
    public async Task A_send_whose_outcome_nobody_knows_waits_for_an_operator_who_may_have_it_sent_again()
    {
        await using LetterShop shop = await LetterShop.Open();
        ParkedItem parked = await Uncertain(shop);
        IParkedSource sends = shop.Shop.Services.GetServices<IParkedSource>()
            .Single(source => source.Source == ParkedSource.Send);

        Assert.True(await sends.Retry(parked.Key, default));
        Assert.False(await sends.Retry(parked.Key, default));
        await shop.Shop.RunDue();

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Sent, true), (message.State, message.Resent));
        Assert.Equal(2, shop.Email.Taken.Count);
        Assert.Empty(await Parked(shop));
    }

    [Fact]
    public async Task Or_let_it_rest()
    {
        await using LetterShop shop = await LetterShop.Open();
        ParkedItem parked = await Uncertain(shop);
        IParkedSource sends = shop.Shop.Services.GetServices<IParkedSource>()
            .Single(source => source.Source == ParkedSource.Send);

        Assert.True(await sends.Drop(parked.Key, default));
        await shop.Pass(TimeSpan.FromDays(1));

        Assert.Equal((MessageState.Uncertain, MessageReasons.OutcomeUnknown), Of(await shop.Message()));
        Assert.Single(shop.Email.Taken);
        Assert.Empty(await Parked(shop));
    }

    [Fact]
    public async Task An_order_to_send_that_is_dropped_ends_its_message_on_record()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OrderConfirmed);
        MessageRecord message = await shop.Message();

        await shop.Correspondence.Drop(message.Id, message.Turn + 1);
        Assert.Equal(MessageState.Pending, (await shop.Message()).State);
        await shop.Correspondence.Drop(message.Id, message.Turn);

        Assert.Equal((MessageState.Suppressed, MessageReasons.DroppedByOperator), Of(await shop.Message()));
        await shop.Shop.RunDue();
        Assert.Equal(0, shop.Email.Attempts);
    }

    private static (MessageState, string?) Of(MessageRecord message) => (message.State, message.Reason);

    private static ISendPausesGrain Pauses(LetterShop shop) =>
        shop.Shop.Grain<ISendPausesGrain>(ISendPausesGrain.Key);

    private static async Task<SendPause> Pause(LetterShop shop, SendScope scope) =>
        (await shop.Shop.Get<ISendSwitch>().Pause(new PauseSends(Kim, scope))).OrThrow().Pause;

    private static async Task Resume(LetterShop shop, string id) =>
        (await Pauses(shop).Resume(new ResumeSends(Kim, id, null))).OrThrow();

    private static async Task<ImmutableArray<ParkedItem>> Parked(LetterShop shop) =>
        (await shop.Shop.Get<IParkedItems>().List(
            IParkedItems.Filters.Parse("source = SEND").OrThrow(), new PageRequest(10, null), default)).Items;

    private static async Task<ParkedItem> Uncertain(LetterShop shop)
    {
        shop.Email.ThenLoseTheAnswer().CanTell = false;
        await shop.Propose(MessageKind.OccasionReminder);
        await shop.Pass(TimeSpan.FromHours(1));
        Assert.Equal((MessageState.Uncertain, MessageReasons.OutcomeUnknown), Of(await shop.Message()));
        return Assert.Single(await Parked(shop));
    }

    /// <summary>Takes a message only when it is told to.</summary>
    private sealed class HeldProvider : IEmailTransport
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
        {
            Began.TrySetResult();
            await Answer.Task.WaitAsync(cancel);
            return SendOutcome.Accepted("P-1");
        }

        public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
            Task.FromResult(LookupOutcome.CannotTell);
    }
}

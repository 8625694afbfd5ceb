using System.Collections.Concurrent;
using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Messaging;

/// <summary>Once a withdrawal was answered, nothing that it forbids is handed to a provider.</summary>
public sealed class WithdrawalsTests
{
    private static readonly ImmutableArray<string> OptIns = ["preferences.opt_ins"];

    [Fact]
    public async Task A_withdrawal_cancels_what_waits_in_its_own_commit_and_the_order_to_send_finds_nothing_to_do()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OccasionReminder);

        (await Withdraw(shop.Shop, LetterShop.Anna)).Value();

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Suppressed, MessageReasons.NoConsent), (message.State, message.Reason));
        Assert.Contains(message.Gates, gate => gate is { Name: "withdrawal", Passed: false });
        await shop.Pass(TimeSpan.FromDays(10));
        Assert.Equal(0, shop.Email.Attempts);
    }

    [Fact]
    public async Task Notices_about_an_order_need_no_consent_and_stay()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OrderConfirmed);

        (await Withdraw(shop.Shop, LetterShop.Anna)).Value();
        await shop.Shop.RunDue();

        Assert.Equal(MessageState.Sent, (await shop.Message()).State);
    }

    [Fact]
    public async Task A_deletion_stops_everything_that_waits()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OrderConfirmed);

        (await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Delete(new DeleteCustomer(null, null))).Value();

        MessageRecord message = await shop.Message();
        Assert.Equal((MessageState.Suppressed, MessageReasons.CustomerDeleted), (message.State, message.Reason));
        await shop.Shop.RunDue();
        Assert.Equal(0, shop.Email.Attempts);
    }

    [Fact]
    public async Task A_sender_who_knows_the_customer_only_as_before_gets_no_leave()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OccasionReminder);
        Addressee before = Addressee.Of((await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Get()).Value());
        MessageRecord message = await shop.Message();
        await shop.Correspondence.Stop(before with { Revision = before.Revision + 1 });

        SendPermit permit = await shop.Correspondence.BeginSend(new BeginSend(message.Id, message.Turn, before));

        Assert.Equal(SendVerdict.LookAgain, permit.Verdict);
        Assert.Equal(MessageState.Pending, (await shop.Message()).State);
    }

    [Fact]
    public async Task What_was_honoured_is_remembered_by_the_next_activation()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.OccasionReminder);
        Addressee before = Addressee.Of((await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Get()).Value());
        (await Withdraw(shop.Shop, LetterShop.Anna)).Value();
        await shop.Shop.Restart(crash: true);
        MessageRecord message = await shop.Message();

        SendPermit permit = await shop.Correspondence.BeginSend(new BeginSend(message.Id, message.Turn, before));

        Assert.Equal(SendVerdict.LookAgain, permit.Verdict);
    }

    [Fact]
    public async Task A_withdrawal_waits_for_an_attempt_under_way_and_its_outcome_is_recorded()
    {
        SlowProvider provider = new();
        await using LetterShop shop = await Open(provider);
        await shop.Propose(MessageKind.OccasionReminder);
        Task sending = shop.Shop.RunDue();
        await provider.Began.Task;

        Task<Outcome<CustomerView>> withdrawal = Withdraw(shop.Shop, LetterShop.Anna);
        await Until(async () => (await shop.Correspondence.BeginSend(new BeginSend(
            (await shop.Message()).Id, 99, new Addressee()))).Verdict == SendVerdict.LookAgain);
        Assert.False(withdrawal.IsCompleted);
        provider.Answer.SetResult();

        (await withdrawal).Value();
        await sending;
        Assert.Equal(MessageState.Sent, (await shop.Message()).State);
    }

    [Fact]
    public async Task It_waits_no_longer_than_an_attempt_may_last_and_by_then_the_attempt_is_given_up()
    {
        SlowProvider provider = new();
        await using LetterShop shop = await Open(provider, TimeSpan.FromSeconds(1));
        await shop.Propose(MessageKind.OccasionReminder);
        Task sending = shop.Shop.RunDue();
        CancellationToken cancel = await provider.Began.Task;

        (await Withdraw(shop.Shop, LetterShop.Anna)).Value();

        Assert.True(cancel.IsCancellationRequested);
        provider.Answer.SetResult();
        await sending;
    }

    [Fact]
    public async Task A_repeat_of_a_withdrawal_honours_it_again_in_case_the_first_try_did_not_come_so_far()
    {
        await using LetterShop shop = await LetterShop.Open();
        (await Withdraw(shop.Shop, LetterShop.Anna, "once")).Value();
        CustomerView customer = (await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Get()).Value();
        await shop.Correspondence.Propose(Letters.Candidate(
            MessageKind.OccasionReminder, Addressee.Of(customer).OptedIn(Channel.Email)));
        Assert.Equal(MessageState.Pending, (await shop.Message()).State);

        (await Withdraw(shop.Shop, LetterShop.Anna, "once")).Value();

        Assert.Equal(MessageState.Suppressed, (await shop.Message()).State);
    }

    [Fact]
    public async Task A_thousand_withdrawals_race_with_sends_and_nothing_is_handed_over_after_one_was_answered()
    {
        const int Customers = 8;
        const int Rounds = 125;
        WatchfulProvider provider = new();
        await using LetterShop shop = await LetterShop.Open(more: services =>
            services.AddSingleton<IEmailTransport>(provider));

        await Task.WhenAll(Enumerable.Range(0, Customers).Select(customer => Task.Run(async () =>
        {
            string id = $"c{customer}";
            await Create(shop.Shop, id);
            Random random = new(customer);
            for (int round = 0; round < Rounds; round++)
            {
                await Race(shop.Shop, provider, id, round, random);
            }
        })));

        Assert.Equal(0, provider.AfterWithdrawal);

        // A race that always ends the same way would prove nothing.
        Assert.InRange(provider.Taken, 50, (Customers * Rounds) - 50);
    }

    private static async Task Race(TestShop shop, WatchfulProvider provider, string id, int round, Random random)
    {
        ICustomerGrain customer = shop.Grain<ICustomerGrain>(id);
        UpdateCustomer allow = new(null, null, OptedIn(Channel.Email), OptIns);
        CustomerView view = (await customer.Update(allow)).Value();
        provider.Withdrawn[id] = false;
        MessageCandidate candidate = Letters.Candidate(
            MessageKind.OccasionReminder, Addressee.Of(view), Letters.Morning.AddSeconds(round));
        MessageDecision decision =
            (await shop.Grain<ICorrespondenceGrain>(id).Propose(candidate with { Key = $"{id}:{round}" })).Single();
        Assert.Equal(MessageState.Pending, decision.State);
        OutboxMessage order = OutboxMessage.Of(
            MessagingTopics.SendEmail, $"{id}:{round}", new SendOrder(new CustomerId(id), decision.MessageId, 1));
        IOutboxHandler handler = shop.Get<IEnumerable<IOutboxHandler>>()
            .Single(candidate => candidate.Topic == MessagingTopics.SendEmail);

        (int sender, int customerWaits) = (random.Next(30), random.Next(30));
        Task<OutboxResult> send = Task.Run(async () =>
        {
            await Yield(sender);
            return await handler.Handle(order, CancellationToken.None);
        });
        await Yield(customerWaits);
        (await Withdraw(shop, id)).Value();
        provider.Withdrawn[id] = true;
        Assert.True((await send).IsDone);
    }

    private static async Task Create(TestShop shop, string id) =>
        (await shop.Grain<ICustomerGrain>(id).Create(new CreateCustomer(null, new CustomerProfile
        {
            GivenName = id,
            Email = $"{id}@example.com",
            Country = "GB",
            LanguageCode = "en-GB",
            TimeZone = "Europe/London",
        }))).Value();

    private static async Task Yield(int times)
    {
        for (int i = 0; i < times; i++)
        {
            await Task.Yield();
        }
    }

    private static CustomerProfile OptedIn(params Channel[] channels) => new()
    {
        Preferences = new Preferences
        {
            OptIns = [.. channels.Select(channel => new OptIn(channel, Purpose.OccasionReminders))],
        },
    };

    private static Task<Outcome<CustomerView>> Withdraw(TestShop shop, string id, string? requestId = null) =>
        shop.Grain<ICustomerGrain>(id).Update(new UpdateCustomer(requestId, null, OptedIn(), OptIns));

    private static Task<LetterShop> Open(IEmailTransport email, TimeSpan? timeout = null) => LetterShop.Open(
        more: services =>
        {
            services.AddSingleton(email);
            services.Configure<MessagingOptions>(options => options.SendTimeout = timeout ?? options.SendTimeout);
        });

    private static Task Until(Func<Task<bool>> holds) => Kernel.Wake.WakeServiceTests.Until(holds);

    /// <summary>Takes a message when it is told to.</summary>
    private sealed class SlowProvider : IEmailTransport
    {
        public TaskCompletionSource<CancellationToken> Began { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
        {
            Began.TrySetResult(cancel);
            await Answer.Task;
            return cancel.IsCancellationRequested
                ? SendOutcome.Deferred(SendProblem.Unavailable, "CANCELLED", "given up")
                : SendOutcome.Accepted("P");
        }

        public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
            Task.FromResult(LookupOutcome.CannotTell);
    }

    /// <summary>Takes every message after a while, and counts those that come when they may not.</summary>
    private sealed class WatchfulProvider : IEmailTransport
    {
        private int taken;
        private int afterWithdrawal;

        public ConcurrentDictionary<string, bool> Withdrawn { get; } = new();

        public int Taken => taken;

        public int AfterWithdrawal => afterWithdrawal;

        public async Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
        {
            int number = Interlocked.Increment(ref taken);
            await Yield(number % 17);
            if (Withdrawn[email.To.Address.Split('@')[0]])
            {
                Interlocked.Increment(ref afterWithdrawal);
            }

            return SendOutcome.Accepted(email.MessageKey);
        }

        public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
            Task.FromResult(LookupOutcome.CannotTell);
    }
}

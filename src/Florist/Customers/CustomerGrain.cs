using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace Florist.Customers;

[GrainType("customer")]
internal sealed class CustomerGrain(
    [PersistentState("customer")] IPersistentState<CustomerRecord> stored,
    IGrainRows rows,
    TimeProvider time,
    IOptions<CustomersOptions> options,
    IEnumerable<IWithdrawals> withdrawals,
    ILogger<CustomerGrain> log) : Grain, ICustomerGrain, IWakeable
{
    private CustomerRecord? viewed;
    private Outcome<CustomerView>? view;

    private CustomerId Id => new(this.GetPrimaryKeyString());

    private PurchaseHistory History => new(rows, this.GetGrainId());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // A customer who is only now being made has no rows to read: a bulk import activates nothing but these.
        if (!stored.RecordExists)
        {
            return;
        }

        Answered answered = await Answered.Read(rows, this.GetGrainId(), cancellationToken);
        ImmutableArray<GrainRow> recipients = await rows.Read(
            this.GetGrainId(), CustomerRecord.RecipientKind, CustomerLimits.RecipientsMax,
            cancellationToken: cancellationToken);
        stored.State = stored.State with
        {
            Answered = answered,
            Recipients = recipients.ToImmutableSortedDictionary(
                row => row.Id, row => FloristJson.Read<Recipient>(row.Body), StringComparer.Ordinal),
        };
    }

    public Task<Outcome<CustomerView>> Get() => Task.FromResult(View());

    public async Task<Outcome<CustomerView>> Create(CreateCustomer command)
    {
        if ((await Carry(command.RequestId, command, (record, now) => CustomerRules.Create(record, command, Id, now)))
            .Failed(out Fault? fault, out _))
        {
            return fault;
        }

        CustomersLog.Created(log, Id.Value);
        return View();
    }

    public async Task<Outcome<CustomerView>> Update(UpdateCustomer command)
    {
        Outcome<Done> carried = await Carry(
            command.RequestId, command, (record, now) => CustomerRules.Update(record, command, Id, now));
        if (carried.Failed(out Fault? fault, out _))
        {
            return fault;
        }

        if (ProfilePaths.MayWithdraw(command.Paths))
        {
            await HonourWithdrawals();
        }

        return View();
    }

    public async Task<Outcome<CustomerView>> Delete(DeleteCustomer command)
    {
        TimeSpan purgeAfter = TimeSpan.FromDays(options.Value.PurgeAfterDays);
        if ((await Carry(
                command.RequestId,
                command,
                (record, now) => CustomerRules.Delete(record, command, Id, now, purgeAfter)))
            .Failed(out Fault? fault, out _))
        {
            return fault;
        }

        CustomersLog.Deleted(log, Id.Value, stored.State.PurgeAt);
        await HonourWithdrawals();
        return View();
    }

    public async Task<Outcome<CustomerView>> Undelete(UndeleteCustomer command)
    {
        if ((await Carry(command.RequestId, command, (record, _) => CustomerRules.Undelete(record, command, Id)))
            .Failed(out Fault? fault, out _))
        {
            return fault;
        }

        CustomersLog.Undeleted(log, Id.Value);
        return View();
    }

    public Task<Outcome<Recipient>> AddRecipient(AddRecipient command) => SetRecipient(
        command.RequestId, command, command.Recipient.Id, record => RecipientRules.Add(record, command, Id));

    public Task<Outcome<Recipient>> ChangeRecipient(ChangeRecipient command) => SetRecipient(
        command.RequestId, command, command.Values.Id, record => RecipientRules.Change(record, command, Id));

    public Task<Outcome<Done>> RemoveRecipient(RemoveRecipient command) =>
        Carry(command.RequestId, command, (record, _) => RecipientRules.Remove(record, command, Id));

    public async Task<Outcome<Done>> RecordPurchase(Purchase purchase)
    {
        ImmutableArray<Purchase> sameDay = await History.On(purchase.Day);
        if (PurchaseRules.Record(stored.State, Id, purchase, sameDay)
            .Failed(out Fault? fault, out PurchasesAdded? added))
        {
            return fault;
        }

        if (added is not null)
        {
            await Commit(stored.State.Apply(Id, added, time.GetUtcNow()));
        }

        return Done.Value;
    }

    public async Task<Outcome<Done>> WithdrawPurchase(Purchase purchase)
    {
        ImmutableArray<Purchase> known = await History.All();
        if (PurchaseRules.Withdraw(stored.State, Id, purchase, known)
            .Failed(out Fault? fault, out PurchaseWithdrawn? withdrawn))
        {
            return fault;
        }

        if (withdrawn is not null)
        {
            await Commit(stored.State.Apply(Id, withdrawn, time.GetUtcNow()));
        }

        return Done.Value;
    }

    public async Task<Outcome<PurchasesImported>> ImportPurchases(ImportPurchases command)
    {
        // An import passes through many customers whom nobody else asks for; they must not fill the memory.
        DeactivateOnIdle();
        bool created = !stored.State.Exists;
        ImmutableArray<Purchase> known = created ? [] : await History.All();
        if (PurchaseRules.Import(stored.State, Id, command, known)
            .Failed(out Fault? fault, out PurchasesAdded? added))
        {
            return fault;
        }

        if (added is null)
        {
            return new PurchasesImported(Created: false, Added: 0);
        }

        await Commit(stored.State.Apply(Id, added, time.GetUtcNow()));
        CustomersLog.PurchasesImported(log, Id.Value, added.Purchases.Length);
        return new PurchasesImported(created, added.Purchases.Length);
    }

    public async Task<Outcome<Page<Purchase>>> Purchases(PageRequest page) =>
        stored.State.Exists ? await History.Latest(page) : Fault.NotFound(Id.Name);

    public async Task OnWake(DateTimeOffset now)
    {
        if (!CustomerRules.IsPurgeDue(stored.State, now))
        {
            return;
        }

        ImmutableArray<RowChange> deletions =
        [
            .. await History.Deletions(),
            .. await History.Deletions(CustomerRecord.RecipientKind),
            .. await History.Deletions(Answered.RowKind),
        ];
        await Commit(stored.State.Purged(Id, deletions, now));
        CustomersLog.Purged(log, Id.Value, deletions.Length);
    }

    /// <summary>
    /// One command. The answer of a repeat is the customer as it is by then, so only "done" is kept of the first.
    /// </summary>
    private Task<Outcome<Done>> Carry<TCommand>(
        string? requestId,
        TCommand command,
        Func<CustomerRecord, DateTimeOffset, Outcome<CustomerChange>> decide) =>
        Carry(requestId, command, decide, _ => Done.Value);

    // A recipient can be gone by the time of a repeat, so that it is kept whole with the answer.
    private async Task<Outcome<Recipient>> SetRecipient<TCommand>(
        string? requestId,
        TCommand command,
        RecipientId recipient,
        Func<CustomerRecord, Outcome<CustomerChange>> decide)
    {
        Outcome<RecipientAnswer> carried = await Carry(
            requestId,
            command,
            (record, _) => decide(record),
            record => new RecipientAnswer(record.Recipients[recipient.Value]));
        return carried.Then(answer => answer.Recipient is { } kept ? kept : RecipientOf(recipient));
    }

    /// <summary>One command: answered before, or decided, applied and committed together with its answer.</summary>
    private async Task<Outcome<TAnswer>> Carry<TCommand, TAnswer>(
        string? requestId,
        TCommand command,
        Func<CustomerRecord, DateTimeOffset, Outcome<CustomerChange>> decide,
        Func<CustomerRecord, TAnswer> answerOf)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (stored.State.Answered.Replays(requestId, command, now, out Outcome<TAnswer> earlier))
        {
            return earlier;
        }

        if (decide(stored.State, now).Failed(out Fault? fault, out CustomerChange? change))
        {
            return fault;
        }

        CustomerRecord next = stored.State.Apply(Id, change, now);
        TAnswer answer = answerOf(next);
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(requestId, command, answer, now, ref effects);
        await Commit(next with { Answered = answered, Effects = effects });
        return answer;
    }

    // After a repeat too: the first try may have ended between its commit and this.
    private async Task HonourWithdrawals()
    {
        foreach (IWithdrawals each in withdrawals)
        {
            await each.Honour(stored.State.View(Id));
        }
    }

    private Task Commit(CustomerRecord next) => stored.Commit(next, DeactivateOnIdle);

    // Customers are read far more often than they change.
    private Outcome<CustomerView> View()
    {
        CustomerRecord record = stored.State;
        if (view is null || !ReferenceEquals(record, viewed))
        {
            view = record.Exists ? record.View(Id) : Fault.NotFound(Id.Name);
            viewed = record;
        }

        return view;
    }

    private Outcome<Recipient> RecipientOf(RecipientId recipient) =>
        stored.State.Recipients.TryGetValue(recipient.Value, out Recipient? found)
            ? found
            : Fault.NotFound(recipient.Name(Id));
}

/// <summary>What is remembered of an answered command about a recipient.</summary>
/// <param name="Recipient">The recipient as answered; null in what was remembered before it was kept.</param>
internal sealed record RecipientAnswer(Recipient? Recipient);

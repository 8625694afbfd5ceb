using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Florist.Vouchers;

/// <summary>
/// One voucher. The code of a campaign is tried by everybody in the same minute, so that it answers through an output
/// gate. Decides by <see cref="VoucherRules"/>.
/// </summary>
[Reentrant]
[GrainType("voucher")]
internal sealed class VoucherGrain(
    [PersistentState("voucher")] IPersistentState<VoucherBook> stored,
    IGrainRows rows,
    IOptions<VouchersOptions> options,
    TimeProvider time,
    ILogger<VoucherGrain> log) : Grain, IVoucherGrain, IWakeable
{
    private readonly OutputGate<VoucherBook> gate = new(stored);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GrainId self = this.GetGrainId();
        Claims<VoucherUse> uses = await Claims<VoucherUse>.Read(rows, self, cancellationToken);
        Answered answered = await Answered.Read(rows, self, cancellationToken);
        stored.State = stored.State.WithUses(uses) with { Answered = answered };
    }

    public Task<Outcome<VoucherView>> Get()
    {
        VoucherBook book = gate.Committed.Swept(time.GetUtcNow());
        return Task.FromResult<Outcome<VoucherView>>(book.Exists ? book.View() : Missing());
    }

    public Task<Outcome<VoucherTerms>> Check(UseVoucher command)
    {
        DateTimeOffset now = time.GetUtcNow();
        return Task.FromResult(VoucherRules.Check(gate.Committed.Swept(now), command, now));
    }

    public async Task<Outcome<VoucherView>> Issue(IssueVoucher command)
    {
        DateTimeOffset now = time.GetUtcNow();
        Outcome<VoucherView> issued = await Steer(
            command.RequestId,
            command,
            now,
            book => VoucherRules.Issue(book, this.GetPrimaryKeyString(), command, now));
        if (issued.Fault is null)
        {
            VouchersLog.Issued(log, this.GetPrimaryKeyString());
        }

        return issued;
    }

    public Task<Outcome<VoucherTerms>> Reserve(UseVoucher command)
    {
        DateTimeOffset now = time.GetUtcNow();
        TimeSpan heldFor = TimeSpan.FromMinutes(options.Value.HoldMinutes);
        return Use(now, book => VoucherRules.Reserve(book, command, now, heldFor));
    }

    public Task<Outcome<VoucherTerms>> Commit(UseVoucher command) =>
        Use(time.GetUtcNow(), book => VoucherRules.Commit(book, command));

    public async Task<Outcome<Done>> Release(string orderId)
    {
        DateTimeOffset now = time.GetUtcNow();
        VoucherBook book = gate.State.Swept(now);
        VoucherBook next = VoucherRules.Release(book, orderId, now);
        if (book.Exists && !ReferenceEquals(next, book))
        {
            gate.Change(next);
        }

        return await gate.Durable<Outcome<Done>>(Done.Value);
    }

    public Task<Outcome<VoucherView>> Disable(DisableVoucher command)
    {
        DateTimeOffset now = time.GetUtcNow();
        return Steer(
            command.RequestId,
            command,
            now,
            book => book.Exists ? VoucherRules.Disable(book, command, now) : Missing());
    }

    public Task OnWake(DateTimeOffset now)
    {
        // Written even when nothing has expired: the write moves the wake-up to when something does.
        gate.Change(gate.State.Swept(now));
        return gate.Durable();
    }

    private async Task<Outcome<VoucherTerms>> Use(DateTimeOffset now, Func<VoucherBook, Outcome<VoucherBook>> decide)
    {
        VoucherBook book = gate.State.Swept(now);
        if (decide(book).Failed(out Fault? fault, out VoucherBook? next))
        {
            return await gate.Durable<Outcome<VoucherTerms>>(fault);
        }

        if (!ReferenceEquals(next, book))
        {
            gate.Change(next);
        }

        return await gate.Durable<Outcome<VoucherTerms>>(next.Terms);
    }

    private async Task<Outcome<VoucherView>> Steer<TCommand>(
        string? requestId, TCommand command, DateTimeOffset now, Func<VoucherBook, Outcome<VoucherBook>> decide)
    {
        VoucherBook book = gate.State.Swept(now);
        if (book.Answered.Replays(requestId, command, now, out Outcome<VoucherAnswer> earlier))
        {
            return await gate.Durable(earlier.Then<VoucherView>(_ => book.View()));
        }

        if (decide(book).Failed(out Fault? fault, out VoucherBook? next))
        {
            return await gate.Durable<Outcome<VoucherView>>(fault);
        }

        Effects effects = next.Effects;
        Answered answered =
            next.Answered.Remember(requestId, command, new VoucherAnswer(next.Revision), now, ref effects);
        next = next with { Answered = answered, Effects = effects };
        gate.Change(next);
        return await gate.Durable<Outcome<VoucherView>>(next.View());
    }

    private Fault Missing() => Fault.NotFound(VoucherCodes.NameOf(this.GetPrimaryKeyString()));
}

/// <summary>What is remembered of an answered command: the voucher itself says the rest.</summary>
/// <param name="Revision">The revision that the command made.</param>
internal sealed record VoucherAnswer(long Revision);

using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Florist.Stock;

/// <summary>
/// One day of one shop, which everybody wants a piece of on the same morning: it answers through an output gate, so
/// that hundreds of claims share a write. Decides by <see cref="DayRules"/> and <see cref="StaffRules"/>.
/// </summary>
[Reentrant]
[GrainType("delivery-day")]
internal sealed class DeliveryDayGrain(
    [PersistentState("day")] IPersistentState<DayBook> stored,
    IGrainRows rows,
    ICatalogue catalogue,
    ShopPlans plans,
    IOptions<StockOptions> options,
    TimeProvider time,
    ILogger<DeliveryDayGrain> log) : Grain, IDeliveryDayGrain, IWakeable
{
    private readonly OutputGate<DayBook> gate = new(stored);

    private DayKey Key => DayKey.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        GrainId self = this.GetGrainId();
        Claims<PlaceAndStems> claims = await Claims<PlaceAndStems>.Read(rows, self, cancellationToken);
        Answered answered = await Answered.Read(rows, self, cancellationToken);
        stored.State = stored.State.WithClaims(claims) with { Answered = answered };
    }

    public Task<DeliveryDay> Get() => Task.FromResult(View(gate.Committed.Swept(time.GetUtcNow())));

    public Task<Outcome<HeldPlace>> Hold(ClaimPlace command) => Claim(command, DayRules.Hold);

    public Task<Outcome<HeldPlace>> Commit(ClaimPlace command) => Claim(command, DayRules.Commit);

    public Task<Outcome<HeldPlace>> Move(ClaimPlace command) => Claim(command, DayRules.Move);

    public async Task<Outcome<Done>> Release(ReleasePlace command)
    {
        DayBook book = Current();
        DayBook next = DayRules.Release(book, command, time.GetUtcNow());
        if (!ReferenceEquals(next, book))
        {
            gate.Change(next);
            if (command.Reason is { } reason)
            {
                StockLog.Repaired(log, Key.Text, command.OrderId, reason);
            }
        }

        return await gate.Durable<Outcome<Done>>(Done.Value);
    }

    public async Task<ImmutableArray<CommittedPlace>> Committed(string? after, int max) => await gate.Durable(
        gate.State.Claims.All
            .Where(claim => claim.State == ClaimState.Committed
                && (after is null || string.CompareOrdinal(claim.Id, after) > 0))
            .OrderBy(claim => claim.Id, StringComparer.Ordinal)
            .Take(max)
            .Select(claim => new CommittedPlace(claim.Id, claim.Generation, claim.Content?.Slot ?? ""))
            .ToImmutableArray());

    public Task<Outcome<DeliveryDay>> Plan(PlanDay command) =>
        Steer(command.RequestId, command, (book, terms) => StaffRules.Plan(book, command, terms));

    public Task<Outcome<DeliveryDay>> Receive(ReceiveStems command) => Steer(
        command.RequestId, command, (book, terms) => StaffRules.Receive(book, command, terms, DayEndsAt()));

    public Task<Outcome<DeliveryDay>> Adjust(AdjustStems command) =>
        Steer(command.RequestId, command, (book, terms) => StaffRules.Adjust(book, command, terms));

    public async Task<Outcome<DeliveryDay>> Override(OverrideDay command)
    {
        Outcome<DeliveryDay> outcome =
            await Steer(command.RequestId, command, (book, terms) => StaffRules.Override(book, command, terms));
        if (outcome.Fault is null)
        {
            StockLog.Overridden(log, Key.Text, command.By);
        }

        return outcome;
    }

    public async Task<ImmutableArray<StockMovement>> Movements(long? before, int max)
    {
        await gate.Durable();
        ImmutableArray<GrainRow> read = await rows.Read(
            this.GetGrainId(),
            MovementRows.Kind,
            max,
            before is { } number ? MovementRows.Id(number) : null,
            backwards: true);
        return [.. read.Select(row => FloristJson.Read<StockMovement>(row.Body))];
    }

    public Task OnWake(DateTimeOffset now)
    {
        DayBook book = StaffRules.Perished(Current(), now);
        if (book.VerifyAt <= now)
        {
            DayToVerify day = new(Key.Shop, Key.Day);
            string key = $"{StockTopics.DayToVerify}:{Key.Text}:{book.VerifyAt:O}";
            book = book with
            {
                VerifyAt = null,
                Effects = book.Effects.Send(OutboxMessage.Of(StockTopics.DayToVerify, key, day)),
            };
        }

        // Written even when nothing was due: the write moves the wake-up to when something is.
        gate.Change(book);
        return gate.Durable();
    }

    private async Task<Outcome<HeldPlace>> Claim(
        ClaimPlace command, Func<DayBook, ClaimPlace, DayTerms, Outcome<DayStep>> decide)
    {
        DayBook book = Current();
        if (decide(book, command, Terms(book, command.Area)).Failed(out Fault? fault, out DayStep? step))
        {
            return await gate.Durable<Outcome<HeldPlace>>(fault);
        }

        if (step.IsChange)
        {
            gate.Change(step.Book);
        }

        return await gate.Durable<Outcome<HeldPlace>>(step.Place);
    }

    private async Task<Outcome<DeliveryDay>> Steer<TCommand>(
        string? requestId, TCommand command, Func<DayBook, DayTerms, Outcome<DayBook>> decide)
    {
        DateTimeOffset now = time.GetUtcNow();
        DayBook book = Current();
        if (book.Answered.Replays(requestId, command, now, out Outcome<DayAnswer> earlier))
        {
            return await gate.Durable(earlier.Then<DeliveryDay>(_ => View(book)));
        }

        if (decide(book, Terms(book, "")).Failed(out Fault? fault, out DayBook? next))
        {
            return await gate.Durable<Outcome<DeliveryDay>>(fault);
        }

        Effects effects = next.Effects;
        Answered answered =
            next.Answered.Remember(requestId, command, new DayAnswer(next.Revision), now, ref effects);
        next = next with { Answered = answered, Effects = effects };
        gate.Change(next);
        return await gate.Durable<Outcome<DeliveryDay>>(View(next));
    }

    // What has expired counts no more, from this instant on, whether or not a wake-up has come.
    private DayBook Current() => gate.State.Swept(time.GetUtcNow()) with { Key = Key };

    private DayTerms Terms(DayBook book, string area)
    {
        DayKey key = Key;
        DayPlan plan = PlanOf(book);
        return new DayTerms
        {
            Key = key,
            Plan = plan,
            CutOffAt = plans.CutOff(plan, key.Shop, area, key.Day),
            Catalogue = catalogue,
            Now = time.GetUtcNow(),
            HeldFor = TimeSpan.FromMinutes(options.Value.HoldMinutes),
            VerifyAfter = TimeSpan.FromMinutes(options.Value.VerifyMinutes),
        };
    }

    private DayPlan PlanOf(DayBook book) => book.Plan ?? plans.Of(Key.Shop, Key.Day);

    private DeliveryDay View(DayBook book) => book.View(Key, PlanOf(book));

    private DateTimeOffset DayEndsAt() =>
        Zones.Instant(Key.Day.AddDays(1), TimeOnly.MinValue, plans.TimeZone(Key.Shop));
}

/// <summary>What is remembered of an answered command: the day itself says the rest.</summary>
/// <param name="Revision">The revision that the command made.</param>
internal sealed record DayAnswer(long Revision);

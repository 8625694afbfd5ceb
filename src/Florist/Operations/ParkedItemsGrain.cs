using System.Collections.Frozen;
using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;

namespace Florist.Operations;

/// <summary>
/// Orders the steps: answered? which items? put the order on record, carry it out, put the end on record.
/// </summary>
[GrainType("parked-items")]
internal sealed class ParkedItemsGrain(
    [PersistentState("ledger")] IPersistentState<ParkedLedger> ledger,
    IGrainRows rows,
    IParkedItems parked,
    IEnumerable<IParkedSource> sources,
    IIds ids,
    TimeProvider time,
    ILogger<ParkedItemsGrain> log) : Grain, IParkedItemsGrain
{
    // Changes share commits: a few at once cost as much as one.
    private const int AtOnce = 50;

    private readonly FrozenDictionary<ParkedSource, IParkedSource> bySource =
        sources.ToFrozenDictionary(source => source.Source);

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => ledger.State =
        ledger.State with { Answered = await Answered.Read(rows, this.GetGrainId(), cancellationToken) };

    public async Task<Outcome<HandledItems>> Handle(HandleParked command)
    {
        DateTimeOffset now = time.GetUtcNow();
        string? requestId = command.Order.RequestId;
        if (ledger.State.Answered.Replays(requestId, command, now, out Outcome<HandledItems> earlier))
        {
            return earlier;
        }

        if ((await Find(command)).Failed(out Fault? fault, out FoundItems? found))
        {
            return fault;
        }

        if (command.ValidateOnly)
        {
            return new HandledItems(found.Items.Length, found.More);
        }

        OperatorAction action = Begun(command.Order, ParkedRules.WordOf(command.Verb), now) with
        {
            Subject = ParkedRules.SubjectOf(command),
        };
        await Commit(ledger.State.With(ledger.State.Effects.Put(action.ToRow())));
        int count = 0;
        foreach (ParkedId[] some in found.Items.Chunk(AtOnce))
        {
            bool[] done = await Task.WhenAll(some.Select(item => Carry(command.Verb, item)));
            count += done.Count(one => one);
        }

        HandledItems answer = new(count, found.More);
        Effects effects = ledger.State.Effects.Put((action with { Completed = true, ItemCount = count }).ToRow());
        Answered answered = ledger.State.Answered.Remember(requestId, command, answer, now, ref effects);
        await Commit(ledger.State with { Effects = effects, Answered = answered });
        OperationsLog.Handled(log, action.Actor, action.Verb, count);
        return answer;
    }

    public async Task<Outcome<Done>> NoteBackup(OperatorOrder order)
    {
        DateTimeOffset now = time.GetUtcNow();
        OperatorAction action = Begun(order, "CREATE_BACKUP", now) with { Completed = true, ItemCount = 1 };
        await Commit(ledger.State with
        {
            LastBackupAt = now,
            Effects = ledger.State.Effects.Put(action.ToRow()),
        });
        return Done.Value;
    }

    public Task<LastBackup> LastBackup() => Task.FromResult(new LastBackup(ledger.State.LastBackupAt));

    private async Task<Outcome<FoundItems>> Find(HandleParked command)
    {
        if (command.Filter is { } text)
        {
            if (ParkedRules.Fitting(text, command.Verb, sources).Failed(out Fault? wrong, out FilterExpression? filter))
            {
                return wrong;
            }

            PageRequest page = new(IParkedItemsGrain.ItemsMax, null);
            Page<ParkedItem> listed = await parked.List(filter, page, CancellationToken.None);
            return new FoundItems([.. listed.Items.Select(item => item.Id)], listed.Next is not null);
        }

        foreach (ParkedId named in command.Items)
        {
            ParkedItem? item = await parked.Find(named, CancellationToken.None);
            if (ParkedRules.Refusal(named, item, bySource[named.Source], command) is { } fault)
            {
                return fault;
            }
        }

        return new FoundItems(command.Items, false);
    }

    private Task<bool> Carry(ParkedVerb verb, ParkedId item) => verb == ParkedVerb.Retry
        ? bySource[item.Source].Retry(item.Key, CancellationToken.None)
        : bySource[item.Source].Drop(item.Key, CancellationToken.None);

    private OperatorAction Begun(OperatorOrder order, string verb, DateTimeOffset now) => new()
    {
        Id = ids.Next(),
        At = now,
        Actor = order.Actor,
        Verb = verb,
        Reason = order.Reason,
    };

    private Task Commit(ParkedLedger next) => ledger.Commit(next, DeactivateOnIdle);

    private sealed record FoundItems(ImmutableArray<ParkedId> Items, bool More);
}

using System.Collections.Immutable;
using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Delivery;

[GrainType("courier-producer")]
internal sealed class CourierProducerGrain(
    [PersistentState("producer")] IPersistentState<ProducerBook> book,
    IGrainRows rows,
    TimeProvider time) : Grain, ICourierProducerGrain
{
    private ProducerKey Key => ProducerKey.Parse(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken) => book.State = book.State with
    {
        Answered = await Answered.Read(rows, this.GetGrainId(), cancellationToken),
    };

    public async Task<Outcome<long>> Open(OpenSession command)
    {
        if (book.State.Open(command).Failed(out Fault? fault, out ProducerBook? next))
        {
            return fault;
        }

        await book.Commit(next, DeactivateOnIdle);
        return next.CommittedSequence;
    }

    public async Task<Outcome<Done>> Advance(AdvanceCursor command)
    {
        if (book.State.Advance(command, Key, time.GetUtcNow()).Failed(out Fault? fault, out ProducerBook? next))
        {
            return fault;
        }

        if (next != book.State)
        {
            await book.Commit(next, DeactivateOnIdle);
        }

        return Done.Value;
    }

    public Task<bool> IsHeldBy(string sessionId) => Task.FromResult(book.State.SessionId == sessionId);

    public Task<Outcome<EarlierBatch>> Earlier(ReportBatch batch)
    {
        bool known = book.State.Answered.Replays(
            batch.RequestId, batch, time.GetUtcNow(), out Outcome<ImmutableArray<ReportAnswer>> answers);
        return Task.FromResult(known
            ? answers.Then<EarlierBatch>(earlier => new EarlierBatch(earlier))
            : new EarlierBatch(null));
    }

    public async Task<Outcome<EarlierBatch>> Keep(KeepBatch command)
    {
        DateTimeOffset now = time.GetUtcNow();
        ReportBatch batch = command.Batch;
        if (book.State.Answered.Replays(batch.RequestId, batch, now, out Outcome<ImmutableArray<ReportAnswer>> earlier))
        {
            return earlier.Then<EarlierBatch>(answers => new EarlierBatch(answers));
        }

        ProducerBook next = book.State.Reject(command.Rejected, Key, now);
        Effects effects = next.Effects;
        Answered answered = next.Answered.Remember(batch.RequestId, batch, command.Answers, now, ref effects);
        if (effects != book.State.Effects)
        {
            await book.Commit(next with { Answered = answered, Effects = effects }, DeactivateOnIdle);
        }

        return new EarlierBatch(command.Answers);
    }
}

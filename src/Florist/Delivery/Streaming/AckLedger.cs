using System.Collections.Immutable;
using Florist.Protos.Delivery.V1;

namespace Florist.Delivery.Streaming;

/// <summary>Where an update's number stands.</summary>
internal enum Admission
{
    /// <summary>The next one.</summary>
    Next,

    /// <summary>It came before.</summary>
    Repeat,

    /// <summary>Numbers before it are missing.</summary>
    Gap,
}

/// <summary>
/// The numbers of one stream: what came, what is decided, what is committed, and what the client has yet to hear.
/// Updates are decided in any order; only an unbroken run of decided ones can be committed.
/// </summary>
internal sealed class AckLedger(long committed)
{
    private readonly Dictionary<long, Decided> decided = [];
    private readonly List<UpdateResult> repeats = [];
    private readonly List<UpdateResult> results = [];
    private readonly List<RejectedReport> rejected = [];

    /// <summary>The last committed number.</summary>
    public long Committed { get; private set; } = committed;

    /// <summary>The last number that came.</summary>
    public long Received { get; private set; } = committed;

    /// <summary>The end of the unbroken run of decided updates.</summary>
    public long Prefix { get; private set; } = committed;

    /// <summary>Updates that came and are not committed.</summary>
    public long Outstanding => Received - Committed;

    /// <summary>True while something that came is not decided.</summary>
    public bool IsDeciding => decided.Count > 0 || Prefix < Received;

    /// <summary>Updates that could be committed or told now.</summary>
    public long Ready => Prefix - Committed + repeats.Count;

    /// <summary>Takes note of a number that came.</summary>
    public Admission Admit(long sequence)
    {
        if (sequence <= Received)
        {
            return Admission.Repeat;
        }

        if (sequence > Received + 1)
        {
            return Admission.Gap;
        }

        Received = sequence;
        return Admission.Next;
    }

    /// <summary>Has the client told that a number came again.</summary>
    public void Repeat(UpdateResult result) => repeats.Add(result);

    /// <summary>Takes note of a decision.</summary>
    /// <param name="sequence">The number, which was admitted.</param>
    /// <param name="result">What to tell the client; null when it was plainly applied.</param>
    /// <param name="letter">The dead letter; null when it was not rejected.</param>
    public void Settle(long sequence, UpdateResult? result, RejectedReport? letter)
    {
        decided.Add(sequence, new Decided(result, letter));
        while (decided.Remove(Prefix + 1, out Decided? next))
        {
            Prefix++;
            if (next.Result is not null)
            {
                results.Add(next.Result);
            }

            if (next.Letter is not null)
            {
                rejected.Add(next.Letter);
            }
        }
    }

    /// <summary>The dead letters up to the end of the unbroken run; given out once.</summary>
    public ImmutableArray<RejectedReport> TakeRejected()
    {
        ImmutableArray<RejectedReport> taken = [.. rejected];
        rejected.Clear();
        return taken;
    }

    /// <summary>Takes note that the cursor is stored.</summary>
    public void Commit(long sequence) => Committed = sequence;

    /// <summary>What the client has yet to hear of what is committed, and of repeats; given out once.</summary>
    public ImmutableArray<UpdateResult> TakeResults()
    {
        ImmutableArray<UpdateResult> taken =
            [.. results.TakeWhile(result => result.Sequence <= Committed), .. repeats];
        results.RemoveRange(0, taken.Length - repeats.Count);
        repeats.Clear();
        return taken;
    }

    private sealed record Decided(UpdateResult? Result, RejectedReport? Letter);
}

using System.Collections.Immutable;

namespace Florist.Delivery;

/// <summary>A state within an attempt.</summary>
internal readonly record struct DeliveryStage(DeliveryState State, int Attempt);

/// <summary>
/// What lies between two stages in the transition table. A report tells what has happened, not what somebody may do,
/// so who may make a move does not matter here; only leaving a leg does, which is ours to say and never a report's.
/// </summary>
internal static class DeliveryPaths
{
    private const int AttemptsAheadMax = 2;

    private static readonly ImmutableArray<DeliveryTransition> Moves =
    [
        .. DeliveryTransitions.All.Where(move =>
            move.From != DeliveryState.Pending && move.To is not (DeliveryState.Pending or DeliveryState.Cancelled)),
    ];

    private static readonly ImmutableDictionary<(DeliveryState From, DeliveryStage To), ImmutableArray<DeliveryStage>>
        Skipped = AllSkipped();

    /// <summary>
    /// True when moves lead from one stage to the other. <paramref name="skipped"/> are then the stages in between that
    /// every way passes: they must have happened, though nobody told.
    /// </summary>
    public static bool Lead(DeliveryStage from, DeliveryStage to, out ImmutableArray<DeliveryStage> skipped)
    {
        skipped = [];
        if (!Skipped.TryGetValue(
            (from.State, to with { Attempt = to.Attempt - from.Attempt }), out ImmutableArray<DeliveryStage> relative))
        {
            return false;
        }

        skipped = [.. relative.Select(stage => stage with { Attempt = stage.Attempt + from.Attempt })];
        return true;
    }

    // There are few enough pairs to know them all; attempts are relative to the first stage's.
    private static ImmutableDictionary<(DeliveryState, DeliveryStage), ImmutableArray<DeliveryStage>> AllSkipped()
    {
        var all = ImmutableDictionary.CreateBuilder<(DeliveryState, DeliveryStage), ImmutableArray<DeliveryStage>>();
        foreach (DeliveryState state in Enum.GetValues<DeliveryState>())
        {
            DeliveryStage from = new(state, 0);
            ImmutableArray<DeliveryStage> reached = Reachable(from, without: null);
            foreach (DeliveryStage to in reached)
            {
                all[(state, to)] =
                [
                    .. reached.Where(stage => stage != to && !Reachable(from, without: stage).Contains(to)),
                ];
            }
        }

        return all.ToImmutable();
    }

    private static ImmutableArray<DeliveryStage> Reachable(DeliveryStage from, DeliveryStage? without)
    {
        List<DeliveryStage> reached = [];
        Queue<DeliveryStage> open = new([from]);
        while (open.TryDequeue(out DeliveryStage stage))
        {
            foreach (DeliveryTransition move in Moves.Where(move => move.From == stage.State))
            {
                DeliveryStage next = new(move.To, move.NextAttempt ? stage.Attempt + 1 : stage.Attempt);
                if (next.Attempt <= AttemptsAheadMax && next != without && next != from && !reached.Contains(next))
                {
                    reached.Add(next);
                    open.Enqueue(next);
                }
            }
        }

        return [.. reached];
    }
}

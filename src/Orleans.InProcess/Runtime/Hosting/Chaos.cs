namespace Orleans.Runtime;

/// <summary>Decides which faults happen, from one seed.</summary>
internal sealed class Chaos(ChaosOptions options, Func<Sweeper> sweeper)
{
    private static readonly AsyncLocal<object?> OutsideCaller = new();

    private readonly Dice drops = new(options.Seed, 1);
    private readonly Dice losses = new(options.Seed, 2);
    private readonly Dice conflicts = new(options.Seed, 3);
    private readonly Dice unknowns = new(options.Seed, 4);
    private readonly Dice seconds = new(options.Seed, 5);
    private readonly Dice places = new(options.Seed, 6);

    internal bool ShufflesMailboxes => options.ShuffleMailboxes;

    /// <summary>Whether writes can fail on purpose.</summary>
    internal bool HasFaultyStorage => options.Conflict > 0 || options.LoseWriteAnswer > 0;

    internal bool DropsActivation() => drops.Hit(options.DropActivation);

    /// <summary>Whether an answer goes missing; if so, the caller will see a timeout.</summary>
    internal bool LosesReply(Request request)
    {
        if (request.Has(CallKinds.Unlimited | CallKinds.OneWay) || !losses.Hit(options.LoseReply))
        {
            return false;
        }

        sweeper().Lose(request);
        return true;
    }

    internal bool Conflicts() => conflicts.Hit(options.Conflict);

    internal bool LosesWriteAnswer() => unknowns.Hit(options.LoseWriteAnswer);

    /// <summary>
    /// Whether a call meets the second activation. Streams stay where they were opened: they end with their activation
    /// anyway, and would hardly ever come to their second batch.
    /// </summary>
    internal bool GoesToSecond(Request request) =>
        !request.Has(CallKinds.Abandonable) && seconds.Hit(options.SecondActivation);

    /// <summary>How many of those that wait a call may overtake, were they all of other callers.</summary>
    internal int OvertakesMax(int waiting) => places.Below(waiting + 1);

    /// <summary>
    /// Who calls: a grain, or else the flow of asynchronous code, which begins to be one with its first call.
    /// </summary>
    internal object? CallerOf(Activation? sender) => options.ShuffleMailboxes
        ? sender ?? (OutsideCaller.Value ??= new object())
        : null;

    /// <summary>One kind of chance.</summary>
    private sealed class Dice(int seed, int kind)
    {
        private readonly Lock gate = new();
#pragma warning disable CA5394 // Faults are to be repeatable, not secret.
        private readonly Random random = new(unchecked((seed * 397) + kind));

        internal bool Hit(double share)
        {
            if (share <= 0)
            {
                return false;
            }

            lock (gate)
            {
                return random.NextDouble() < share;
            }
        }

        internal int Below(int limit)
        {
            lock (gate)
            {
                return random.Next(limit);
            }
        }
#pragma warning restore CA5394
    }
}

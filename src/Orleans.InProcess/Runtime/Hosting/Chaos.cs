namespace Orleans.Runtime;

/// <summary>Decides which faults happen, from one seed.</summary>
internal sealed class Chaos(ChaosOptions options, Func<Sweeper> sweeper)
{
    private readonly Lock gate = new();
#pragma warning disable CA5394 // Faults are to be repeatable, not secret.
    private readonly Random random = new(options.Seed);

    internal bool DropsActivation() => Happens(options.DropActivation);

    /// <summary>Whether an answer goes missing; if so, the caller will see a timeout.</summary>
    internal bool LosesReply(Request request)
    {
        if (request.Has(CallKinds.Unlimited | CallKinds.OneWay) || !Happens(options.LoseReply))
        {
            return false;
        }

        sweeper().Lose(request);
        return true;
    }

    internal bool Conflicts() => Happens(options.Conflict);

    private bool Happens(double share)
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
#pragma warning restore CA5394
}

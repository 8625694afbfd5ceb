namespace Orleans.Runtime;

/// <summary>
/// What a cluster does rarely, done often: a program that lives through this does not rely on what Orleans never
/// promised. Shares are between 0 and 1, and 0 unless set. Every kind of fault has a sequence of its own, drawn from
/// the seed, so that switching one off does not move the others.
/// </summary>
internal sealed class ChaosOptions
{
    /// <summary>The seed of all faults; the same seed and order of calls give the same faults.</summary>
    internal int Seed { get; set; }

    /// <summary>Share of calls after which the activation is dropped.</summary>
    internal double DropActivation { get; set; }

    /// <summary>Share of calls that take effect, but whose caller sees a TimeoutException.</summary>
    internal double LoseReply { get; set; }

    /// <summary>Share of writes that fail with InconsistentStateException, nothing being written.</summary>
    internal double Conflict { get; set; }

    /// <summary>Share of writes that are stored, but fail for the grain as if they were not.</summary>
    internal double LoseWriteAnswer { get; set; }

    /// <summary>
    /// Share of calls that go to a second activation of their grain, which knows nothing of the first: what a cluster
    /// has for a moment when it takes a living silo for dead.
    /// </summary>
    internal double SecondActivation { get; set; }

    /// <summary>
    /// Whether waiting calls of different callers overtake each other. Those of one caller, which is a grain or a flow
    /// of asynchronous code outside of grains, keep their order.
    /// </summary>
    internal bool ShuffleMailboxes { get; set; }

    /// <summary>Every kind of fault, each often enough to meet the others.</summary>
    internal void BeParanoid(int seed)
    {
        Seed = seed;
        DropActivation = 0.05;
        LoseReply = 0.02;
        Conflict = 0.05;
        LoseWriteAnswer = 0.02;
        SecondActivation = 0.02;
        ShuffleMailboxes = true;
    }
}

namespace Florist.Kernel;

/// <summary>
/// What may become of a wake-up on its way, done often, for tests and simulations: a grain that lives through this asks
/// what is due, and relies on nothing else. Shares are between 0 and 1, and 0 unless set.
/// </summary>
internal sealed class WakeFaults
{
    private readonly Lock gate = new();
    private Random? random;

    /// <summary>The seed; the same seed and order of wake-ups give the same faults.</summary>
    internal int Seed { get; set; }

    /// <summary>Share of wake-ups that reach nobody; the row stands and is found again.</summary>
    internal double Skip { get; set; }

    /// <summary>Share of wake-ups that come twice at once.</summary>
    internal double Double { get; set; }

    /// <summary>Share of wake-ups that come late.</summary>
    internal double Delay { get; set; }

    /// <summary>How late at the most.</summary>
    internal TimeSpan DelayMax { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Draws what becomes of the next wake-up.</summary>
    internal WakeFault Next()
    {
        if (Skip + Double + Delay <= 0)
        {
            return default;
        }

        lock (gate)
        {
#pragma warning disable CA5394 // Faults are to be repeatable, not secret.
            random ??= new Random(Seed);
            double drawn = random.NextDouble();
            return drawn < Skip ? new WakeFault { IsSkipped = true }
                : drawn < Skip + Double ? new WakeFault { IsDoubled = true }
                : drawn < Skip + Double + Delay ? new WakeFault { LateBy = DelayMax * random.NextDouble() }
                : default;
#pragma warning restore CA5394
        }
    }
}

/// <summary>What becomes of one wake-up; the default value is nothing special.</summary>
internal readonly record struct WakeFault
{
    public bool IsSkipped { get; init; }

    public bool IsDoubled { get; init; }

    /// <summary>Zero when it is in time.</summary>
    public TimeSpan LateBy { get; init; }
}

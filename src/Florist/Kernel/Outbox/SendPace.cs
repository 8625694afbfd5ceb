namespace Florist.Kernel;

/// <summary>
/// A token bucket for one provider and sender. In no second does more leave than the limit, however the second is cut.
/// When the provider says that it is too much, the limit falls by a fifth, and then rises slowly to what it was: so it
/// finds out what the provider takes, without being told. Each class leaves a share of the tokens to the more urgent.
/// </summary>
public sealed class SendPace : IOutboxPace
{
    private const double Cut = 0.8;
    private const double BurstShare = 0.1;
    private const double RisePerSecond = 0.1;
    private const double ReserveShare = 0.15;
    private const double Rounding = 1e-6;
    private const double PerSecondMin = 0.1;

    private static readonly TimeSpan BetweenCuts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseMax = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly TimeProvider time;
    private readonly double perSecondMax;
    private double perSecond;
    private double tokens;
    private DateTimeOffset filledAt;
    private DateTimeOffset cutAt = DateTimeOffset.MinValue;
    private DateTimeOffset pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Begins at the limit.</summary>
    /// <param name="perSecondMax">The most that may leave in any second, 1 or more.</param>
    /// <param name="time">The product's clock.</param>
    public SendPace(int perSecondMax, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perSecondMax, 1);
        this.perSecondMax = perSecondMax;
        this.time = time;
        perSecond = perSecondMax;
        tokens = Burst;
        filledAt = time.GetUtcNow();
    }

    /// <summary>What may leave in a second at present.</summary>
    public double PerSecond
    {
        get
        {
            lock (gate)
            {
                Fill();
                return perSecond;
            }
        }
    }

    // With what flows in during a second, a full bucket comes to just less than one more than the limit.
    private double Burst => Math.Max(1, perSecond * BurstShare);

    private double Inflow => perSecond + 1 - Burst;

    /// <inheritdoc/>
    public DateTimeOffset OpensAt(OutboxClass @class)
    {
        lock (gate)
        {
            DateTimeOffset now = Fill();
            double missing = Wanted(@class) - Rounding - tokens;
            DateTimeOffset full = missing <= 0 ? now : now.AddMilliseconds(Math.Ceiling(missing / Inflow * 1000));
            return full > pausedUntil ? full : pausedUntil;
        }
    }

    /// <inheritdoc/>
    public bool TryTake(OutboxClass @class)
    {
        lock (gate)
        {
            if (Fill() < pausedUntil || tokens < Wanted(@class) - Rounding)
            {
                return false;
            }

            tokens--;
            return true;
        }
    }

    /// <summary>Gives a token back that nothing was sent with.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            Fill();
            tokens = Math.Min(Burst, tokens + 1);
        }
    }

    /// <summary>The provider took no message because there were too many.</summary>
    /// <param name="pause">How long it asks to be left alone; null when it does not say.</param>
    public void Throttled(TimeSpan? pause)
    {
        lock (gate)
        {
            DateTimeOffset now = Fill();
            if (pause is { } asked)
            {
                DateTimeOffset until = now + (asked < PauseMax ? asked : PauseMax);
                pausedUntil = until > pausedUntil ? until : pausedUntil;
            }

            // What was under way together is refused together, and says only once that it was too much.
            if (now - cutAt >= BetweenCuts)
            {
                cutAt = now;
                perSecond = Math.Max(PerSecondMin, perSecond * Cut);
                tokens = Math.Min(Burst, tokens);
            }
        }
    }

    private double Wanted(OutboxClass @class) =>
        1 + Math.Floor((Burst - 1) * ReserveShare * (int)@class);

    private DateTimeOffset Fill()
    {
        DateTimeOffset now = time.GetUtcNow();
        if (now < filledAt)
        {
            // The clock was set back. What was counted from later on would hold everything up until then.
            cutAt = DateTimeOffset.MinValue;
            pausedUntil = pausedUntil - filledAt > TimeSpan.Zero ? now + (pausedUntil - filledAt) : now;
        }

        double seconds = Math.Max(0, (now - filledAt).TotalSeconds);
        filledAt = now;
        perSecond = Math.Min(perSecondMax, perSecond + (seconds * perSecondMax * RisePerSecond));
        tokens = Math.Min(Burst, tokens + (seconds * Inflow));
        return now;
    }
}

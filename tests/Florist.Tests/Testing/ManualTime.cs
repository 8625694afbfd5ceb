namespace Florist.Tests.Testing;

/// <summary>
/// The product's clock, moved by the test alone. Timers and time stamps are the machine's, so that loops which wait in
/// real time are not driven by the test's clock.
/// </summary>
public sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    private readonly Lock moving = new();
    private DateTimeOffset now = now;

    /// <summary>A Monday morning.</summary>
    public ManualTime()
        : this(new DateTimeOffset(2026, 11, 23, 9, 0, 0, TimeSpan.Zero))
    {
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (moving)
        {
            return now;
        }
    }

    /// <summary>Sets the clock, also backwards.</summary>
    public void Set(DateTimeOffset instant)
    {
        lock (moving)
        {
            now = instant;
        }
    }

    /// <summary>Moves the clock.</summary>
    public void Advance(TimeSpan by)
    {
        lock (moving)
        {
            now += by;
        }
    }
}

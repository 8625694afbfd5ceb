namespace Florist.Sandbox;

/// <summary>
/// The product's clock of a Development server: the machine's clock plus an offset that only grows. It overrides
/// <see cref="GetUtcNow"/> alone; timers and time stamps run at the machine's pace.
/// </summary>
/// <param name="offset">How far ahead it starts; not negative.</param>
/// <param name="advanced">
/// Told the new offset after each advance, so that a restart does not turn the clock back.
/// </param>
public sealed class SandboxClock(TimeSpan offset, Action<TimeSpan> advanced) : TimeProvider
{
    private long offsetTicks = offset.Ticks;

    /// <summary>How far ahead of the machine's clock it is.</summary>
    public TimeSpan Offset => new(Interlocked.Read(ref offsetTicks));

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Offset;

    /// <summary>Moves the clock so that it shows at least <paramref name="instant"/>; never moves it back.</summary>
    public void AdvanceTo(DateTimeOffset instant)
    {
        TimeSpan ahead = instant - System.GetUtcNow();
        if (ahead > Offset)
        {
            Interlocked.Exchange(ref offsetTicks, ahead.Ticks);
            advanced(ahead);
        }
    }
}

namespace Florist.Delivery.Streaming;

/// <summary>What holds for one stream, from its opening to its end.</summary>
/// <param name="Key">Whose it is.</param>
/// <param name="SessionId">Its id.</param>
/// <param name="Window">Updates that may be outstanding.</param>
/// <param name="Lifetime">After this long the client is asked to reconnect.</param>
/// <param name="Options">The settings.</param>
/// <param name="Clock">Real time: heartbeats and pauses are no time of the shop's.</param>
internal sealed record StreamTerms(
    ProducerKey Key, string SessionId, int Window, TimeSpan Lifetime, DeliveryOptions Options, TimeProvider Clock)
{
    public const int UpdateBytesMax = 64 * 1024;

    public static readonly TimeSpan FlushMax = TimeSpan.FromSeconds(5);

    public TimeSpan Heartbeat => TimeSpan.FromSeconds(Options.HeartbeatSeconds);

    public TimeSpan SilenceMax => Heartbeat * 2.5;

    public TimeSpan AckWait => TimeSpan.FromMilliseconds(Options.AckMsMax);

    public TimeSpan DrainWait => TimeSpan.FromSeconds(Options.DrainSeconds);

    /// <summary>Since some instant that is the same for all streams of the process.</summary>
    public TimeSpan Now => SinceStart(Clock);

    public static TimeSpan SinceStart(TimeProvider clock) => clock.GetElapsedTime(0, clock.GetTimestamp());
}

/// <summary>The clock of streams, apart from the product's, which a sandbox may turn.</summary>
internal sealed record StreamClock(TimeProvider Time);

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

    /// <summary>The client is told so long before its token expires.</summary>
    public static readonly TimeSpan ExpiryWarning = TimeSpan.FromSeconds(60);

    /// <summary>Whether the courier may go on is asked so often; what is revoked is cut off within 5 seconds.</summary>
    public static readonly TimeSpan StandingWait = TimeSpan.FromSeconds(3);

    /// <summary>The access key that the stream was opened with; null for another credential.</summary>
    public string? KeyId { get; init; }

    /// <summary>True when one of the shop's own systems speaks for the courier, whose standing is then its own affair.
    /// </summary>
    public bool IsInternal { get; init; }

    /// <summary>When the token expires, as <see cref="Now"/> counts; null for never.</summary>
    public TimeSpan? ExpiresAt { get; init; }

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

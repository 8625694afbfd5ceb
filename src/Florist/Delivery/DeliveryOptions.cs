using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Delivery;

/// <summary>Settings of deliveries and of the couriers' streams, from the section <c>Delivery</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Delivery";

    /// <summary>Updates that a client may have outstanding on a stream.</summary>
    [Range(16, 1024)]
    public int StreamWindow { get; set; } = 256;

    /// <summary>An Ack follows the first decided update within so many milliseconds.</summary>
    [Range(1, 5000)]
    public int AckMsMax { get; set; } = 250;

    /// <summary>An Ack follows at once after so many decided updates.</summary>
    [Range(1, 1024)]
    public int AckUpdatesMax { get; set; } = 64;

    /// <summary>How often either side of a stream gives a sign of life, in seconds.</summary>
    [Range(1, 300)]
    public int HeartbeatSeconds { get; set; } = 15;

    /// <summary>A stream that does not say Hello within so many seconds is ended.</summary>
    [Range(1, 60)]
    public int HelloSecondsMax { get; set; } = 5;

    /// <summary>A stream is asked to reconnect after about so many minutes, 10 percent more or less.</summary>
    [Range(1, 1440)]
    public int StreamMinutesMax { get; set; } = 30;

    /// <summary>Seconds that a client has to collect its last Acks after Drain.</summary>
    [Range(1, 300)]
    public int DrainSeconds { get; set; } = 20;

    /// <summary>Streams of one courier at once.</summary>
    [Range(1, 1000)]
    public int StreamsPerCourierMax { get; set; } = 4;

    /// <summary>
    /// Updates a second that are read from one stream in the long run; a burst may have twice as many.
    /// </summary>
    [Range(1, 10_000)]
    public int UpdatesPerSecondMax { get; set; } = 200;

    /// <summary>How long a report on a leg that is not known yet waits for it, in milliseconds.</summary>
    [Range(0, 10_000)]
    public int LegWaitMsMax { get; set; } = 2000;

    /// <summary>
    /// The address under which this server is reached from outside, as <c>https://api.shop.example</c>, for links to
    /// images of hand-overs; empty makes them relative.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>
    /// True: deliveries are assigned to couriers alone that were created. False: to any name, so that a shop can begin
    /// without registering anybody; a courier that was disabled gets nothing either way.
    /// </summary>
    public bool RegisteredCouriersOnly { get; set; }

    /// <summary>
    /// A producer more than half of whose updates are rejected, over at least so many within five minutes, is shut out.
    /// </summary>
    [Range(10, 100_000)]
    public int QuarantineUpdatesMin { get; set; } = 200;
}

[OptionsValidator]
internal sealed partial class DeliveryOptionsValidator : IValidateOptions<DeliveryOptions>;

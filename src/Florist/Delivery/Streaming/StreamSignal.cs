using Florist.Kernel;
using Florist.Protos.Delivery.V1;

namespace Florist.Delivery.Streaming;

/// <summary>Something that happened to a stream; its loop takes them one by one.</summary>
internal abstract record StreamSignal
{
    /// <summary>A message came; null when the client has half-closed.</summary>
    public sealed record Received(StreamUpdatesRequest? Message) : StreamSignal;

    /// <summary>Nothing more can come: the connection, or what it carried, is broken.</summary>
    public sealed record Broken(Exception Cause) : StreamSignal;

    /// <summary>An update was decided, and what it changed is stored.</summary>
    public sealed record Decided(long Sequence, DeliveryEvent Event, ReportAnswer Answer) : StreamSignal;

    /// <summary>Whether an update was decided and stored is not known.</summary>
    public sealed record Failed(long Sequence, Exception Cause) : StreamSignal;

    /// <summary>The cursor was stored, or may not be moved.</summary>
    public sealed record Advanced(long Sequence, Outcome<Done> Outcome) : StreamSignal;

    /// <summary>Whether the cursor was stored is not known.</summary>
    public sealed record CursorFailed(Exception Cause) : StreamSignal;

    /// <summary>Another stream took over.</summary>
    public sealed record TakenOver : StreamSignal;

    /// <summary>The courier may not go on.</summary>
    public sealed record Refused(Fault Fault) : StreamSignal;

    /// <summary>That the producer is shut out is stored.</summary>
    public sealed record ShutOut : StreamSignal;

    /// <summary>The server stops.</summary>
    public sealed record Stopping : StreamSignal;

    /// <summary>Time went by.</summary>
    public sealed record Tick : StreamSignal;
}

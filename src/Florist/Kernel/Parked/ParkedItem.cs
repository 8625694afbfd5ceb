using System.Globalization;

namespace Florist.Kernel;

/// <summary>Where something comes from that waits for an operator.</summary>
public enum ParkedSource
{
    /// <summary>A wake-up that its grain failed to handle too often.</summary>
    Wake,

    /// <summary>A message of the outbox that was not done too often, or that nothing handles.</summary>
    Message,

    /// <summary>A message to a customer whose outcome nobody could find out.</summary>
    Send,

    /// <summary>A courier's report that was rejected.</summary>
    Report,
}

/// <summary>Something that will not go on before an operator has looked at it.</summary>
public sealed record ParkedItem
{
    /// <summary>Where it comes from.</summary>
    public ParkedSource Source { get; init; }

    /// <summary>What tells it from others of its source, as the logs name it.</summary>
    public string Key { get; init; } = "";

    /// <summary>What it concerns: a grain, a topic, a kind of message, a courier.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Why it is parked, without personal data.</summary>
    public string Reason { get; init; } = "";

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Since when it is parked.</summary>
    public DateTimeOffset ParkedAt { get; init; }

    /// <summary>Tells it from the same item parked anew.</summary>
    public string Etag => string.Create(
        CultureInfo.InvariantCulture, $"\"{Attempts}-{ParkedAt.ToUnixTimeMilliseconds()}\"");

    /// <summary>Which item it is.</summary>
    public ParkedId Id => new(Source, Key);
}

/// <summary>Names a parked item.</summary>
/// <param name="Source">Where it comes from.</param>
/// <param name="Key">Its key there.</param>
public sealed record ParkedId(ParkedSource Source, string Key);

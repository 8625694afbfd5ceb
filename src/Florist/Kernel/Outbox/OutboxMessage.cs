namespace Florist.Kernel;

/// <summary>
/// Something that must happen outside the grain because of what it committed: an event for other features, or a send.
/// Delivered at least once; handlers are idempotent by <see cref="Key"/>.
/// </summary>
public sealed record OutboxMessage
{
    /// <summary>
    /// Deterministic key: the same cause always gives the same key, and a key is stored at most once.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>What it is, as <c>orders.confirmed</c>; decides who handles it.</summary>
    public required string Topic { get; init; }

    /// <summary>JSON body; for an event, the event record of the feature that published it.</summary>
    public required string Body { get; init; }

    /// <summary>Which lane it travels in.</summary>
    public OutboxClass Class { get; init; } = OutboxClass.Notice;

    /// <summary>Not before this instant; null means now.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>
    /// Useless from this instant on: then it is recorded as expired and not handled. Null means never.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A message with the JSON of <paramref name="body"/>.</summary>
    public static OutboxMessage Of<T>(string topic, string key, T body, OutboxClass @class = OutboxClass.Notice) =>
        new() { Key = key, Topic = topic, Body = FloristJson.Write(body), Class = @class };

    /// <summary>The body as the record it was made from.</summary>
    public T Read<T>() => FloristJson.Read<T>(Body);
}

/// <summary>Lanes of the outbox, most urgent first. A lane never waits for a later one.</summary>
public enum OutboxClass
{
    /// <summary>Payments, promises, deadlines.</summary>
    Critical,

    /// <summary>Notices about an order, events between features.</summary>
    Notice,

    /// <summary>Occasion reminders.</summary>
    Occasion,

    /// <summary>Surveys and marketing.</summary>
    Marketing,
}

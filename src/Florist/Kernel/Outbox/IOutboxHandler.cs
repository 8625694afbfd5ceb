namespace Florist.Kernel;

/// <summary>
/// Handles one topic of the outbox. Several handlers of a topic are all called; a repeat after a failure calls all of
/// them again, so each is idempotent by the message's key.
/// </summary>
public interface IOutboxHandler
{
    /// <summary>The topic it handles.</summary>
    string Topic { get; }

    /// <summary>How fast its messages may be handed over; null for as fast as they come.</summary>
    IOutboxPace? Pace => null;

    /// <summary>Does what the message asks for. An exception means "try again later".</summary>
    Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Records that the message's <see cref="OutboxMessage.ExpiresAt"/> passed before it could be handled; then the row
    /// goes. Does nothing unless the handler has something to record. An exception means "try again later".
    /// </summary>
    Task Expired(OutboxMessage message, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Records that an operator gave the message up; then the row goes. Does nothing unless the handler has something
    /// to record. Safe to repeat.
    /// </summary>
    Task Dropped(OutboxMessage message, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What became of an attempt to handle an outbox message.</summary>
/// <param name="IsDone">True: the outcome is recorded, the row may go.</param>
/// <param name="RetryAfter">When not done: how long to wait; null leaves it to the pump's back-off.</param>
/// <param name="Reason">When not done: why, for operators; holds no personal data.</param>
public sealed record OutboxResult(bool IsDone, TimeSpan? RetryAfter, string? Reason)
{
    /// <summary>Handled, and the outcome recorded.</summary>
    public static readonly OutboxResult Done = new(true, null, null);

    /// <summary>Not yet; try again.</summary>
    public static OutboxResult Retry(string reason, TimeSpan? after = null) => new(false, after, reason);
}

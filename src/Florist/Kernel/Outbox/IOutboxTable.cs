using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>The outbox in the database, as the pump sees it. Rows are inserted only by commits of grains.</summary>
public interface IOutboxTable
{
    /// <summary>
    /// Signalled (best effort) after a commit that inserted rows, so that the pump need not wait for its poll.
    /// </summary>
    event Action? Inserted;

    /// <summary>
    /// Rows of a class that may be handled at <paramref name="now"/>, oldest first, parked ones left out.
    /// </summary>
    Task<ImmutableArray<OutboxRow>> Due(
        OutboxClass @class, DateTimeOffset now, int max, CancellationToken cancellationToken);

    /// <summary>
    /// The earliest instant at which a row that is not parked may be handled; null when there is none.
    /// </summary>
    Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken);

    /// <summary>Deletes a row whose outcome is recorded.</summary>
    Task Delete(string key);

    /// <summary>Puts a row off after a failed attempt.</summary>
    Task PutOff(string key, int attempts, DateTimeOffset notBefore, string reason);

    /// <summary>Takes a row out of the running until an operator looks at it.</summary>
    Task Park(string key, int attempts, string reason);
}

/// <summary>A message in the outbox.</summary>
/// <param name="Message">The message.</param>
/// <param name="Attempts">Failed attempts so far.</param>
public sealed record OutboxRow(OutboxMessage Message, int Attempts);

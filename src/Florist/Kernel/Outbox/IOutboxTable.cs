using System.Collections.Frozen;
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
    /// Rows of a class that may be handled at <paramref name="now"/>, oldest first, parked ones left out. However many
    /// rows wait that are not asked for, finding the others costs the same.
    /// </summary>
    /// <param name="class">The class.</param>
    /// <param name="now">The present.</param>
    /// <param name="max">At most so many of each topic, 1 or more.</param>
    /// <param name="without">Topics whose rows are left out.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<OutboxRow>> Due(
        OutboxClass @class,
        DateTimeOffset now,
        int max,
        FrozenSet<string> without,
        CancellationToken cancellationToken);

    /// <summary>For each class and topic with rows that are not parked, when the first may be handled.</summary>
    Task<ImmutableArray<OutboxHead>> Heads(CancellationToken cancellationToken);

    /// <summary>
    /// Claims a row for one pump among several: until the lease ends, no other is given it. A claim that its owner does
    /// not end, because it died, ends by itself.
    /// </summary>
    /// <param name="row">The row as it was read.</param>
    /// <param name="until">When the lease ends.</param>
    /// <returns>False when somebody else has claimed, deleted or put it off since.</returns>
    Task<bool> Claim(OutboxRow row, DateTimeOffset until);

    /// <summary>Deletes a row whose outcome is recorded.</summary>
    Task Delete(string key);

    /// <summary>Puts a row off after a failed attempt.</summary>
    Task PutOff(string key, int attempts, DateTimeOffset notBefore, string reason);

    /// <summary>Takes a row out of the running until an operator looks at it.</summary>
    Task Park(string key, int attempts, string reason, DateTimeOffset at);

    /// <summary>Lets rows of a topic go now that were put off for a reason.</summary>
    /// <returns>How many there were.</returns>
    Task<int> Release(string topic, string reason, DateTimeOffset now);

    /// <summary>A parked row; null when no row of that key is parked.</summary>
    Task<ParkedMessage?> FindParked(string key, CancellationToken cancellationToken);

    /// <summary>Deletes a row while it is parked.</summary>
    /// <returns>False when there is no parked row of that key.</returns>
    Task<bool> DropParked(string key);

    /// <summary>Parked rows in ordinal order of keys.</summary>
    /// <param name="after">Begin behind this key; null begins at the start.</param>
    /// <param name="max">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<ParkedMessage>> Parked(string? after, int max, CancellationToken cancellationToken);

    /// <summary>Puts a parked row back, to be tried at once and as often as a new one. Safe to repeat.</summary>
    /// <returns>False when there is no parked row of that key.</returns>
    Task<bool> Retry(string key);
}

/// <summary>A message in the outbox.</summary>
/// <param name="Message">The message; its <see cref="OutboxMessage.NotBefore"/> is when it may be handled.</param>
/// <param name="Attempts">Failed attempts so far.</param>
public sealed record OutboxRow(OutboxMessage Message, int Attempts);

/// <summary>The first row of a class and topic.</summary>
/// <param name="Class">The class.</param>
/// <param name="Topic">The topic.</param>
/// <param name="NotBefore">When its first row may be handled.</param>
public sealed record OutboxHead(OutboxClass Class, string Topic, DateTimeOffset NotBefore);

/// <summary>A message that waits for an operator.</summary>
/// <param name="Message">The message.</param>
/// <param name="Attempts">Failed attempts.</param>
/// <param name="Reason">Why it was parked, without personal data.</param>
public sealed record ParkedMessage(OutboxMessage Message, int Attempts, string Reason);

/// <summary>Shorter ways to ask the outbox.</summary>
public static class OutboxTables
{
    /// <summary>Rows of a class and of any topic that may be handled now.</summary>
    public static Task<ImmutableArray<OutboxRow>> Due(
        this IOutboxTable table,
        OutboxClass @class,
        DateTimeOffset now,
        int max,
        CancellationToken cancellationToken) =>
        table.Due(@class, now, max, FrozenSet<string>.Empty, cancellationToken);

    /// <summary>
    /// The earliest instant at which a row that is not parked may be handled; null when there is none.
    /// </summary>
    public static async Task<DateTimeOffset?> NextDue(this IOutboxTable table, CancellationToken cancellationToken)
    {
        ImmutableArray<OutboxHead> heads = await table.Heads(cancellationToken);
        return heads.IsEmpty ? null : heads.Min(head => head.NotBefore);
    }
}

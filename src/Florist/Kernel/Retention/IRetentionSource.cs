using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>Something of which the old is taken away, page by page. Pages are safe to repeat.</summary>
public interface IRetentionSource
{
    /// <summary>Its name, which the pass remembers; never changed.</summary>
    string Name { get; }

    /// <summary>
    /// True when a pass begins where the last one ended: nothing before that place grows old any more.
    /// </summary>
    bool GoesOn => false;

    /// <summary>Handles a page.</summary>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="now">The present.</param>
    /// <param name="cancellationToken">Ends it between two rows.</param>
    Task<RetentionPage> Page(string? after, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What became of a page.</summary>
/// <param name="At">Where it ended; null for a source that has no places.</param>
/// <param name="IsLast">True when nothing is behind it at present.</param>
/// <param name="Removed">What was taken away or made poorer.</param>
public sealed record RetentionPage(string? At, bool IsLast, int Removed);

/// <summary>How long child rows of a kind are kept. Declared by the feature that writes them.</summary>
public interface IRowKeeping
{
    /// <summary>The kind of rows.</summary>
    string Kind { get; }

    /// <summary>What becomes of a row.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="now">The present.</param>
    RowFate FateOf(string body, DateTimeOffset now);
}

/// <summary>What becomes of a row.</summary>
/// <param name="IsKept">False: it goes.</param>
/// <param name="Body">Its body from now on; null leaves it as it is.</param>
public sealed record RowFate(bool IsKept, string? Body)
{
    /// <summary>It stays.</summary>
    public static readonly RowFate Kept = new(true, null);

    /// <summary>It goes.</summary>
    public static readonly RowFate Gone = new(false, null);

    /// <summary>It stays with less in it.</summary>
    public static RowFate Becomes(string body) => new(true, body);
}

/// <summary>All child rows in the database, for whoever has to look at every one of them.</summary>
public interface IRowSweep
{
    /// <summary>Rows in the order of owner, kind and id.</summary>
    /// <param name="after">Begin behind this place; null begins at the start.</param>
    /// <param name="max">At most so many, 1 or more.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    Task<ImmutableArray<SweptRow>> Read(
        RowPlace? after, int max, CancellationToken cancellationToken);

    /// <summary>Deletes a row, or gives it another body, unless somebody has changed it since.</summary>
    /// <returns>False when it is not as it was read.</returns>
    Task<bool> Settle(SweptRow row, RowFate fate);
}

/// <summary>Where a child row is.</summary>
/// <param name="Owner">The grain.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Id">Its id.</param>
public sealed record RowPlace(string Owner, string Kind, string Id);

/// <summary>A child row as it was read.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Body">Its body.</param>
public sealed record SweptRow(RowPlace Place, string Body);

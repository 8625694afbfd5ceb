using Florist.Kernel;

namespace Florist.Audit;

/// <summary>Keeps entries of the audit trail. There is no way to change one.</summary>
public interface IAuditTrail
{
    /// <summary>Adds an entry; completes when it is durable. Many at once share a commit.</summary>
    Task Append(AuditEntry entry);

    /// <summary>A page of entries, the newest first.</summary>
    /// <param name="filter">A filter of <see cref="AuditListing.Filters"/>.</param>
    /// <param name="page">How many, and behind which.</param>
    /// <param name="cancellationToken">Stops the query.</param>
    Task<Page<AuditEntry>> List(FilterExpression filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Removes entries that are older than an instant, the oldest first.</summary>
    /// <param name="instant">Entries made before it go.</param>
    /// <param name="countMax">At most so many at once.</param>
    /// <returns>How many went.</returns>
    Task<int> RemoveBefore(DateTimeOffset instant, int countMax);
}

/// <summary>What a listing of the audit trail can be filtered by.</summary>
public static class AuditListing
{
    /// <summary>The filterable fields.</summary>
    public static FilterSchema Filters { get; } = new(
        FilterField.Timestamp("create_time"),
        FilterField.Text("principal"),
        FilterField.Text("on_behalf_of"),
        FilterField.Text("method"),
        FilterField.TextSet("resources"),
        FilterField.Text("status"),
        FilterField.Text("request_id"));
}

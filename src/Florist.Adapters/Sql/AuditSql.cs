using System.Collections.Frozen;
using Florist.Audit;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// The audit trail in a table of its own. An entry goes through the writer of all commits, so that many calls at once
/// share one flush.
/// </summary>
internal sealed class AuditSql(ISqlDatabase database, SqlQueries queries) : IAuditTrail
{
    private const string Insert = """
        INSERT INTO audit_entry (
            entry_id, made_at, principal, on_behalf_of, method, resources, status, request_id, body)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string Delete = """
        DELETE FROM audit_entry WHERE entry_id IN (
            SELECT entry_id FROM audit_entry WHERE made_at < $1 ORDER BY made_at, entry_id LIMIT $2)
        """;

    private static readonly SqlListing<AuditEntry> Listing = new()
    {
        Select = "body",
        From = "audit_entry",
        Key = "entry_id",
        DefaultOrder = [new OrderTerm("create_time", IsDescending: true)],
        Read = row => FloristJson.Read<AuditEntry>(row.GetString(0)),
        Columns = new Dictionary<string, SqlColumn>
        {
            ["create_time"] = new("made_at"),
            ["principal"] = new("principal"),
            ["on_behalf_of"] = SqlColumn.Text("on_behalf_of"),
            ["method"] = new("method"),
            ["resources"] = SqlColumn.Text("resources"),
            ["status"] = new("status"),
            ["request_id"] = new("request_id"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task Append(AuditEntry entry) => database.Change(
        entry.Id,
        Insert,
        entry.Id,
        entry.MadeAt,
        entry.Principal,
        entry.OnBehalfOf ?? "",
        entry.Method,
        RowValue.OfSet(entry.Resources),
        entry.Status,
        entry.RequestId,
        FloristJson.Write(entry));

    public Task<Page<AuditEntry>> List(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(Listing, filter, [], page, null, cancellationToken);

    public Task<int> RemoveBefore(DateTimeOffset instant, int countMax) =>
        database.Change("audit", Delete, instant, countMax);
}

using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Data.Common;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>What is parked, of all sources in one listing.</summary>
internal sealed class ParkedSql(SqlQueries queries) : IParkedItems
{
    private const string Sources = """
        (SELECT 'WAKE/' || grain_key AS id, 'WAKE' AS source, grain_key AS key, grain_key AS subject,
            coalesce(reason, '') AS reason, CAST(attempts AS BIGINT) AS attempts,
            coalesce(parked_at, not_before) AS parked_at
        FROM wake WHERE parked = 1
        UNION ALL
        SELECT 'MESSAGE/' || key, 'MESSAGE', key, topic, coalesce(reason, ''), CAST(attempts AS BIGINT),
            coalesce(parked_at, not_before)
        FROM outbox WHERE parked = 1
        UNION ALL
        SELECT 'SEND/' || customer_id || '/' || message_id, 'SEND', customer_id || '/' || message_id,
            kind || ' ' || channel, 'OUTCOME_UNKNOWN', attempts, since
        FROM uncertain_send
        UNION ALL
        SELECT 'REPORT/' || courier_id || '/' || producer_id || '/' || number, 'REPORT',
            courier_id || '/' || producer_id || '/' || number, courier_id, 'REJECTED', 1, received_at
        FROM courier_rejected_update) AS parked
        """;

    private const string Columns = "source, key, subject, reason, attempts, parked_at";

    private static readonly SqlListing<ParkedItem> Listing = new()
    {
        Select = Columns,
        From = Sources,
        Key = "id",
        DefaultOrder = [new OrderTerm("park_time", IsDescending: false)],
        Read = Item,
        Columns = new Dictionary<string, SqlColumn>
        {
            ["source"] = new("source"),
            ["subject"] = new("subject"),
            ["key"] = new("key"),
            ["reason"] = SqlColumn.Text("reason"),
            ["attempt_count"] = new("attempts"),
            ["park_time"] = new("parked_at"),
        }.ToFrozenDictionary(StringComparer.Ordinal),
    };

    public Task<Page<ParkedItem>> List(
        FilterExpression filter, PageRequest page, CancellationToken cancellationToken) =>
        queries.Page(Listing, filter, [], page, null, cancellationToken);

    public Task<ParkedItem?> Find(ParkedId id, CancellationToken cancellationToken) => queries.First(
        $"SELECT {Columns} FROM {Sources} WHERE source = $1 AND key = $2",
        [Word(id.Source), id.Key],
        Item,
        cancellationToken);

    public Task<ImmutableArray<ParkedCount>> Counts(CancellationToken cancellationToken) => queries.List(
        $"SELECT source, count(*), min(parked_at) FROM {Sources} GROUP BY source ORDER BY source",
        [],
        row => new ParkedCount(SourceOf(row), row.GetInt64(1), SqlValue.Instant(row.GetInt64(2))),
        cancellationToken);

    private static ParkedItem Item(DbDataReader row) => new()
    {
        Source = SourceOf(row),
        Key = row.GetString(1),
        Subject = row.GetString(2),
        Reason = row.GetString(3),
        Attempts = (int)row.GetInt64(4),
        ParkedAt = SqlValue.Instant(row.GetInt64(5)),
    };

    private static ParkedSource SourceOf(DbDataReader row) =>
        Enum.Parse<ParkedSource>(row.GetString(0), ignoreCase: true);

    private static string Word(ParkedSource source) => source.ToString().ToUpperInvariant();
}

using System.Collections.Immutable;
using Florist.Kernel;
using Microsoft.Data.Sqlite;
using Orleans.Runtime;

namespace Florist.Adapters.Sql;

/// <summary>Reads child rows.</summary>
internal sealed class SqliteGrainRows(SqliteDatabase database) : IGrainRows
{
    private const int RowsMax = 10_000;

    private const string Forwards = """
        SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2 AND ($3 IS NULL OR id > $3)
        ORDER BY id LIMIT $4
        """;

    private const string Backwards = """
        SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2 AND ($3 IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4
        """;

    public Task<ImmutableArray<GrainRow>> Read(
        GrainId owner,
        string kind,
        int max,
        string? after = null,
        bool backwards = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, RowsMax);
        string sql = backwards ? Backwards : Forwards;
        return database.Readers.Read(
            session =>
            {
                ImmutableArray<GrainRow>.Builder rows = ImmutableArray.CreateBuilder<GrainRow>();
                using SqliteDataReader reader = session.Query(sql, owner.ToString(), kind, after, max);
                while (reader.Read())
                {
                    rows.Add(new GrainRow(reader.GetString(0), reader.GetString(1)));
                }

                return rows.ToImmutable();
            },
            cancellationToken);
    }
}

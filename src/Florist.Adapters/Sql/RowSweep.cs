using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>All child rows, along their primary key.</summary>
internal sealed class RowSweep(ISqlDatabase database) : IRowSweep
{
    private const string Select = """
        SELECT owner, kind, id, body FROM grain_row WHERE (owner, kind, id) > ($1, $2, $3)
        ORDER BY owner, kind, id LIMIT $4
        """;

    private const string Delete =
        "DELETE FROM grain_row WHERE owner = $1 AND kind = $2 AND id = $3 AND body = $4";

    private const string Update =
        "UPDATE grain_row SET body = $5 WHERE owner = $1 AND kind = $2 AND id = $3 AND body = $4";

    public Task<ImmutableArray<SweptRow>> Read(RowPlace? after, int max, CancellationToken cancellationToken) =>
        database.Read(
            Select,
            [after?.Owner ?? "", after?.Kind ?? "", after?.Id ?? "", max],
            row => new SweptRow(new RowPlace(row.GetString(0), row.GetString(1), row.GetString(2)), row.GetString(3)),
            cancellationToken);

    public async Task<bool> Settle(SweptRow row, RowFate fate)
    {
        RowPlace place = row.Place;
        if (!fate.IsKept)
        {
            return await database.Change(place.Owner, Delete, place.Owner, place.Kind, place.Id, row.Body) == 1;
        }

        return fate.Body is { } body
            && await database.Change(place.Owner, Update, place.Owner, place.Kind, place.Id, row.Body, body) == 1;
    }
}

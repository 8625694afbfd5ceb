using System.Collections.Immutable;
using Florist.Kernel;
using Orleans.Runtime;

namespace Florist.Adapters.Sql;

/// <summary>Reads child rows.</summary>
internal sealed class GrainRows(ISqlDatabase database) : IGrainRows
{
    private const int RowsMax = 10_000;

    private const string FromTheStart =
        "SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2 ORDER BY id LIMIT $3";

    private const string FromTheEnd =
        "SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2 ORDER BY id DESC LIMIT $3";

    private const string Forwards =
        "SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2 AND id > $4 ORDER BY id LIMIT $3";

    private const string Backwards =
        "SELECT id, body FROM grain_row WHERE owner = $1 AND kind = $2 AND id < $4 ORDER BY id DESC LIMIT $3";

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
        string grain = owner.ToString();
        return after is null
            ? Read(backwards ? FromTheEnd : FromTheStart, [grain, kind, max], cancellationToken)
            : Read(backwards ? Backwards : Forwards, [grain, kind, max, after], cancellationToken);
    }

    private Task<ImmutableArray<GrainRow>> Read(string sql, object[] values, CancellationToken cancellationToken) =>
        database.Read(sql, values, row => new GrainRow(row.GetString(0), row.GetString(1)), cancellationToken);
}

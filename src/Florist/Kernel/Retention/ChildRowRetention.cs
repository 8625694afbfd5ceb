using System.Collections.Frozen;
using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>Walks through all child rows and asks those who wrote them what becomes of each.</summary>
internal sealed class ChildRowRetention(
    IRowSweep sweep, IEnumerable<IRowKeeping> keepings, IOptions<RetentionOptions> options) : IRetentionSource
{
    private readonly FrozenDictionary<string, IRowKeeping> byKind =
        keepings.ToFrozenDictionary(keeping => keeping.Kind, StringComparer.Ordinal);

    public string Name => "rows";

    public async Task<RetentionPage> Page(string? after, DateTimeOffset now, CancellationToken cancellationToken)
    {
        int max = options.Value.PageRows;
        RowPlace? place = after is null ? null : FloristJson.Read<RowPlace>(after);
        ImmutableArray<SweptRow> rows = await sweep.Read(place, max, cancellationToken);
        bool[] settled = await Task.WhenAll(rows.Select(row => Settle(row, now)));
        return new RetentionPage(
            rows.IsEmpty ? after : FloristJson.Write(rows[^1].Place), rows.Length < max, settled.Count(one => one));
    }

    private async Task<bool> Settle(SweptRow row, DateTimeOffset now)
    {
        if (!byKind.TryGetValue(row.Place.Kind, out IRowKeeping? keeping))
        {
            return false;
        }

        RowFate fate = keeping.FateOf(row.Body, now);
        return fate != RowFate.Kept && await sweep.Settle(row, fate);
    }
}

/// <summary>
/// Answers to request ids. A grain that is in memory remembers its answers as it read them, so that no promise is
/// broken by a row that goes.
/// </summary>
internal sealed class AnswerKeeping(IOptions<RetentionOptions> options) : IRowKeeping
{
    public string Kind => Answered.RowKind;

    public RowFate FateOf(string body, DateTimeOffset now) =>
        Answered.AnsweredAt(body) + TimeSpan.FromDays(options.Value.AnswersDays) < now ? RowFate.Gone : RowFate.Kept;
}

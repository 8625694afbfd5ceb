using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>The mark that a restore leaves in the database; it cannot change while the database is open.</summary>
internal sealed class RestoreMark(ISqlDatabase database) : IRestoreMark
{
    private readonly Lock asking = new();
    private Task<DateTimeOffset?>? known;

    public Task<DateTimeOffset?> RestoredAt()
    {
        lock (asking)
        {
            // One that failed is asked again.
            return known is null or { IsFaulted: true } or { IsCanceled: true } ? known = Read() : known;
        }
    }

    private async Task<DateTimeOffset?> Read()
    {
        ImmutableArray<long> marks = await database.Read(
            "SELECT at FROM restored", [], row => row.GetInt64(0), CancellationToken.None);
        return marks.IsEmpty ? null : DateTimeOffset.FromUnixTimeMilliseconds(marks[0]);
    }
}

using System.Globalization;
using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// Rejected reports of couriers. They can be put away but not tried again: what was wrong with them stays wrong, and
/// their courier was told so.
/// </summary>
internal sealed class RejectedReports(ISqlDatabase database) : IParkedSource
{
    private const string DeleteOne =
        "DELETE FROM courier_rejected_update WHERE courier_id = $1 AND producer_id = $2 AND number = $3";

    public ParkedSource Source => ParkedSource.Report;

    public bool CanRetry => false;

    public bool CanDrop => true;

    public Task<bool> Retry(string key, CancellationToken cancellationToken) =>
        throw new NotSupportedException("a rejected report cannot be tried again");

    public async Task<bool> Drop(string key, CancellationToken cancellationToken)
    {
        int first = key.IndexOf('/', StringComparison.Ordinal);
        int last = key.LastIndexOf('/');
        if (first < 0 || first == last
            || !long.TryParse(key.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return false;
        }

        return await database.Change(key, DeleteOne, key[..first], key[(first + 1)..last], number) == 1;
    }
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Audit;

/// <summary>
/// Removes entries that are older than they are kept, when the server starts and every hour, a batch at a time so that
/// other writes get their turns.
/// </summary>
internal sealed class AuditRetention(
    IAuditTrail trail, IOptions<AuditOptions> options, ILogger<AuditRetention> log) : BackgroundService
{
    /// <summary>Entries that go in one commit.</summary>
    public const int BatchCount = 500;

    private static readonly TimeSpan Between = TimeSpan.FromHours(1);

    /// <summary>Removes all that are too old at an instant.</summary>
    /// <returns>How many went.</returns>
    public async Task<int> RemoveOld(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset oldest = now.AddDays(-options.Value.RetentionDays);
        int all = 0;
        int removed;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            removed = await trail.RemoveBefore(oldest, BatchCount);
            all += removed;
        }
        while (removed == BatchCount);
        return all;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Entries are stamped by the machine's clock, and so they age by it.
        using PeriodicTimer timer = new(Between, TimeProvider.System);
        do
        {
            try
            {
                int removed = await RemoveOld(TimeProvider.System.GetUtcNow(), stoppingToken);
                if (removed > 0)
                {
                    AuditLog.Removed(log, removed, options.Value.RetentionDays);
                }
            }
            catch (Exception failed) when (failed is not OperationCanceledException)
            {
                // The next hour tries again; nothing is lost by keeping entries longer.
                AuditLog.NotRemoved(log, failed);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

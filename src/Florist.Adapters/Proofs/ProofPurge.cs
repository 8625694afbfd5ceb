using Florist.Delivery;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Proofs;

/// <summary>Deletes images whose purge day has come: at the start, and every hour.</summary>
internal sealed class ProofPurge(IProofStore store, TimeProvider time, ILogger<ProofPurge> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Every, TimeProvider.System);
        do
        {
            try
            {
                int days = store.Purge(DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime));
                if (days > 0)
                {
                    ProofsLog.Purged(log, days);
                }
            }
            catch (IOException error)
            {
                // The next hour tries again; nobody reads an image whose day has come meanwhile.
                ProofsLog.PurgeFailed(log, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

internal static partial class ProofsLog
{
    [LoggerMessage(450, LogLevel.Information, "Images of hand-overs of {Days} days were purged")]
    public static partial void Purged(ILogger log, int days);

    [LoggerMessage(451, LogLevel.Error, "Images of hand-overs could not be purged; the next hour tries again")]
    public static partial void PurgeFailed(ILogger log, Exception error);
}

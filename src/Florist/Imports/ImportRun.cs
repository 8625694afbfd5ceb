using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Florist.Customers;

namespace Florist.Imports;

/// <summary>
/// Takes a file's purchases to a target in batches, several at a time. A run that was broken off is carried on by
/// running it again from the start: what arrived already is recognised and not written again.
/// </summary>
/// <param name="target">Where to.</param>
/// <param name="source">The other system's name; see <see cref="ImportPurchases"/>.</param>
/// <param name="country">CLDR code of the country for customers that are created.</param>
/// <param name="time">Measures the pauses between attempts.</param>
public sealed class ImportRun(IImportTarget target, string source, string country, TimeProvider time)
{
    private readonly Lock sync = new();
    private readonly ImportTally tally = new();

    /// <summary>Customers in one batch; 1 to <see cref="ImportBatch.CustomersMax"/>.</summary>
    public int CustomersPerBatch { get; init; } = 200;

    /// <summary>Batches on their way at the same time; at least 1.</summary>
    public int BatchesInFlightMax { get; init; } = 4;

    /// <summary>Pause before the second attempt of a batch; doubles with each further one.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Attempts for a batch before the run gives up; at least 1.</summary>
    public int AttemptsMax { get; init; } = 8;

    /// <summary>Runs to the end of the lines; to be called once.</summary>
    /// <param name="lines">What to import.</param>
    /// <param name="progress">Told after each batch; null for silence.</param>
    /// <param name="cancellationToken">Breaks the run off; what was imported until then stays.</param>
    /// <exception cref="ImportTargetUnavailableException">The target could not be reached in all attempts.</exception>
    public async Task<ImportReport> Run(
        IAsyncEnumerable<ImportLine> lines, IProgress<ImportReport>? progress, CancellationToken cancellationToken)
    {
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = BatchesInFlightMax,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(
            Batches(lines, cancellationToken),
            parallel,
            async (batch, stop) =>
            {
                ImmutableArray<ImportResult> results = await Deliver(batch, stop);
                ImportReport report;
                lock (sync)
                {
                    tally.Add(results);
                    report = tally.Report();
                }

                progress?.Report(report);
            });
        lock (sync)
        {
            return tally.Report();
        }
    }

    private async Task<ImmutableArray<ImportResult>> Deliver(ImportBatch batch, CancellationToken cancellationToken)
    {
        TimeSpan pause = RetryAfter;
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return await target.Import(batch, cancellationToken);
            }
            catch (ImportTargetUnavailableException) when (attempt < AttemptsMax)
            {
                await Task.Delay(pause, time, cancellationToken);
                pause *= 2;
            }
        }
    }

    private async IAsyncEnumerable<ImportBatch> Batches(
        IAsyncEnumerable<ImportLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, ImmutableArray<ImportedPurchase>.Builder> gathered = new(StringComparer.Ordinal);
        await foreach (ImportLine line in lines.WithCancellation(cancellationToken))
        {
            lock (sync)
            {
                tally.Add(line);
            }

            if (line.Purchase is not { } purchase)
            {
                continue;
            }

            // A batch ends before a further customer, so that a customer's neighbouring lines are one commit.
            bool isKnown = gathered.TryGetValue(purchase.Customer, out ImmutableArray<ImportedPurchase>.Builder? own);
            bool isFull = isKnown ? own?.Count == CustomerLimits.PurchasesPerImportMax
                : gathered.Count == CustomersPerBatch;
            if (isFull)
            {
                yield return Batch(gathered);
                gathered.Clear();
            }

            if (isFull || own is null)
            {
                own = ImmutableArray.CreateBuilder<ImportedPurchase>();
                gathered.Add(purchase.Customer, own);
            }

            own.Add(new ImportedPurchase(purchase.Ordinal, purchase.Day, purchase.Units, purchase.Amount));
        }

        if (gathered.Count > 0)
        {
            yield return Batch(gathered);
        }
    }

    private ImportBatch Batch(Dictionary<string, ImmutableArray<ImportedPurchase>.Builder> gathered) => new(
        source,
        country,
        [.. gathered.Select(entry => new ImportCustomer(new CustomerId(entry.Key), entry.Value.ToImmutable()))]);
}

using System.Collections.Immutable;
using Florist.Customers;

namespace Florist.Imports;

/// <summary>Counts what an import comes to. Used under its run's lock.</summary>
internal sealed class ImportTally
{
    private readonly HashSet<CustomerId> customers = [];
    private readonly int[] outcomes = new int[Enum.GetValues<ImportOutcome>().Length];
    private ImmutableArray<ImportLine> rejected = [];
    private ImmutableArray<ImportResult> failed = [];
    private int lines;
    private int linesRejected;
    private int purchasesAdded;

    public void Add(ImportLine line)
    {
        lines++;
        if (line.Purchase is not null)
        {
            return;
        }

        linesRejected++;
        if (rejected.Length < ImportReport.NamedMax)
        {
            rejected = rejected.Add(line);
        }
    }

    public void Add(ImmutableArray<ImportResult> results)
    {
        foreach (ImportResult result in results)
        {
            // A customer whose lines are far apart comes in several batches and counts as what the first of them did.
            if (customers.Add(result.Customer) || result.Outcome == ImportOutcome.Failed)
            {
                outcomes[(int)result.Outcome]++;
            }

            purchasesAdded += result.Added;
            if (result.Outcome == ImportOutcome.Failed && failed.Length < ImportReport.NamedMax)
            {
                failed = failed.Add(result);
            }
        }
    }

    public ImportReport Report() => new()
    {
        Lines = lines,
        LinesRejected = linesRejected,
        Rejected = rejected,
        Customers = customers.Count,
        Created = outcomes[(int)ImportOutcome.Created],
        Updated = outcomes[(int)ImportOutcome.Updated],
        Unchanged = outcomes[(int)ImportOutcome.Unchanged],
        CustomersFailed = outcomes[(int)ImportOutcome.Failed],
        Failed = failed,
        PurchasesAdded = purchasesAdded,
    };
}

using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Imports;

/// <summary>Imports into the grains that this process reaches.</summary>
/// <param name="grains">The grains.</param>
/// <param name="options">How many at a time.</param>
public sealed class GrainImportTarget(IGrainFactory grains, IOptions<ImportsOptions> options) : IImportTarget
{
    /// <inheritdoc/>
    public async Task<ImmutableArray<ImportResult>> Import(ImportBatch batch, CancellationToken cancellationToken)
    {
        ImportResult[] results = new ImportResult[batch.Customers.Length];
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = options.Value.CustomersInFlightMax,
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, results.Length, parallel, async (i, _) =>
            results[i] = await Import(batch, batch.Customers[i]));
        return [.. results];
    }

    private async Task<ImportResult> Import(ImportBatch batch, ImportCustomer customer)
    {
        ICustomerGrain grain = grains.GetGrain<ICustomerGrain>(customer.Customer.Value);
        ImportPurchases command = new(batch.Source, batch.Country, customer.Purchases);
        if ((await grain.ImportPurchases(command)).Failed(out Fault? fault, out PurchasesImported? imported))
        {
            return new ImportResult(customer.Customer, ImportOutcome.Failed, 0, fault);
        }

        ImportOutcome outcome = imported switch
        {
            { Created: true } => ImportOutcome.Created,
            { Added: > 0 } => ImportOutcome.Updated,
            _ => ImportOutcome.Unchanged,
        };
        return new ImportResult(customer.Customer, outcome, imported.Added, null);
    }
}

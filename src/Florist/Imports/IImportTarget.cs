using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Imports;

/// <summary>Where an import goes: the grains of this process, or a server elsewhere.</summary>
public interface IImportTarget
{
    /// <summary>Imports the customers of a batch, each in one durable step. Safe to repeat.</summary>
    /// <returns>What became of each, in the batch's order.</returns>
    /// <exception cref="ImportTargetUnavailableException">
    /// It is not to be reached now; a repeat may succeed.
    /// </exception>
    Task<ImmutableArray<ImportResult>> Import(ImportBatch batch, CancellationToken cancellationToken);
}

/// <summary>Customers to import in one call.</summary>
/// <param name="Source">The other system; see <see cref="ImportPurchases"/>.</param>
/// <param name="Country">CLDR code of the country for customers that are created.</param>
/// <param name="Customers">From 1 to <see cref="CustomersMax"/>, each once.</param>
public sealed record ImportBatch(string Source, string Country, ImmutableArray<ImportCustomer> Customers)
{
    /// <summary>Customers of one batch.</summary>
    public const int CustomersMax = 500;
}

/// <summary>A customer to import.</summary>
/// <param name="Customer">The id here.</param>
/// <param name="Purchases">From 1 to <see cref="CustomerLimits.PurchasesPerImportMax"/>, each ordinal once.</param>
public sealed record ImportCustomer(CustomerId Customer, ImmutableArray<ImportedPurchase> Purchases);

/// <summary>What became of a customer of an import.</summary>
/// <param name="Customer">Who.</param>
/// <param name="Outcome">What.</param>
/// <param name="Added">Purchases added.</param>
/// <param name="Failure">Why it failed; null otherwise.</param>
public sealed record ImportResult(CustomerId Customer, ImportOutcome Outcome, int Added, Fault? Failure);

/// <summary>What can become of a customer of an import.</summary>
public enum ImportOutcome
{
    /// <summary>Created with its purchases.</summary>
    Created,

    /// <summary>Got purchases it had not.</summary>
    Updated,

    /// <summary>Had everything already; nothing was written.</summary>
    Unchanged,

    /// <summary>Nothing of it was imported.</summary>
    Failed,
}

/// <summary>An import's target is not to be reached now.</summary>
public sealed class ImportTargetUnavailableException : Exception
{
    /// <summary>Without particulars.</summary>
    public ImportTargetUnavailableException()
    {
    }

    /// <summary>With a text for people.</summary>
    public ImportTargetUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>With a text for people and what the transport said.</summary>
    public ImportTargetUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

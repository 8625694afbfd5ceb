using System.Collections.Immutable;

namespace Florist.Imports;

/// <summary>How far an import is, and at its end what it came to.</summary>
public sealed record ImportReport
{
    /// <summary>At most so many rejected lines and failed customers are kept by name; all are counted.</summary>
    public const int NamedMax = 1000;

    /// <summary>Lines read, headings and blank lines left out.</summary>
    public int Lines { get; init; }

    /// <summary>Lines that were skipped because they are faulty.</summary>
    public int LinesRejected { get; init; }

    /// <summary>The first rejected lines, in order.</summary>
    public ImmutableArray<ImportLine> Rejected { get; init; } = [];

    /// <summary>Customers answered for, each counted once.</summary>
    public int Customers { get; init; }

    /// <summary>Customers created.</summary>
    public int Created { get; init; }

    /// <summary>Customers that got purchases they had not.</summary>
    public int Updated { get; init; }

    /// <summary>Customers that had everything already.</summary>
    public int Unchanged { get; init; }

    /// <summary>Customers of whom nothing was imported.</summary>
    public int CustomersFailed { get; init; }

    /// <summary>The first failed customers, in the order of their answers.</summary>
    public ImmutableArray<ImportResult> Failed { get; init; } = [];

    /// <summary>Purchases added.</summary>
    public int PurchasesAdded { get; init; }

    /// <summary>True when no line was rejected and no customer failed.</summary>
    public bool IsClean => LinesRejected == 0 && CustomersFailed == 0;
}

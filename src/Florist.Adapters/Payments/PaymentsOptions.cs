namespace Florist.Adapters.Payments;

/// <summary>Settings of the section <c>Payments</c>.</summary>
public sealed class PaymentsOptions
{
    /// <summary>
    /// The file in which the simulator notes each authorisation and each release before it answers, one JSON line each,
    /// written through to the disk; null keeps no account. A repeat with a key that is there is answered without
    /// another line.
    /// </summary>
    public string? Ledger { get; set; }
}

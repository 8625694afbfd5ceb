using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Receipts;

/// <summary>How far the numbers of a shop and year are, as its grain keeps it.</summary>
public sealed record ReceiptBook : IDurableState<ReceiptBook>
{
    /// <summary>The last number that was given; 0 for none.</summary>
    public long Last { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <inheritdoc/>
    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    /// <inheritdoc/>
    public ReceiptBook With(Effects effects) => this with { Effects = effects };
}

/// <summary>The row of a receipt, written in the commit that gives its number.</summary>
internal static class ReceiptIndex
{
    /// <summary>The table.</summary>
    public const string Table = "receipt";

    /// <summary>The row.</summary>
    public static RowChange Row(Receipt receipt) => new()
    {
        Table = Table,
        Key = [new("receipt_name", receipt.Name)],
        Values =
        [
            new("shop", receipt.Shop),
            new("order_name", receipt.OrderId.Name),
            new("customer", receipt.CustomerId.Name),
            new("supply_date", (DateOnly?)receipt.SuppliedOn),
            new("issued_at", (DateTimeOffset?)receipt.IssuedAt),
            new("body", FloristJson.Write(receipt)),
        ],
    };
}

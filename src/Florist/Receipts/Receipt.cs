using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using Florist.Customers;
using Florist.Kernel;
using Florist.Orders;

namespace Florist.Receipts;

/// <summary>A receipt. It never changes: what is on it is copied, not looked up.</summary>
public sealed record Receipt
{
    /// <summary>The shop that supplied.</summary>
    public string Shop { get; init; } = "";

    /// <summary>The year of supply, in which the numbers count.</summary>
    public int Year { get; init; }

    /// <summary>Its number, from 1 without gaps; 0 before it is issued.</summary>
    public long Number { get; init; }

    /// <summary>The order.</summary>
    public OrderId OrderId { get; init; } = new("");

    /// <summary>Who ordered.</summary>
    public CustomerId CustomerId { get; init; } = new("");

    /// <summary>When it was issued.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>The civil day of supply, in the place of delivery.</summary>
    public DateOnly SuppliedOn { get; init; }

    /// <summary>Who supplied.</summary>
    public Seller Seller { get; init; } = new("", [], "");

    /// <summary>What was supplied, delivery included.</summary>
    public ImmutableArray<ReceiptLine> Lines { get; init; } = [];

    /// <summary>The tax, by rate.</summary>
    public ImmutableArray<TaxLine> Taxes { get; init; } = [];

    /// <summary>The total, tax included: the sum of the lines, and of the gross amounts of the tax.</summary>
    public Money Total { get; init; }

    /// <summary>Year and number, as <c>2026-000123</c>.</summary>
    [JsonIgnore]
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Year:D4}-{Number:D6}");

    /// <summary>The resource name.</summary>
    [JsonIgnore]
    public string Name => $"shops/{Shop}/receipts/{Id}";

    /// <summary>The key of the book that it is numbered in, as <c>main/2026</c>.</summary>
    [JsonIgnore]
    public string Book => string.Create(CultureInfo.InvariantCulture, $"{Shop}/{Year:D4}");
}

/// <summary>Who supplied.</summary>
/// <param name="Name">The name.</param>
/// <param name="AddressLines">The address, line by line.</param>
/// <param name="VatNumber">The registration for value added tax; empty for none.</param>
public sealed record Seller(string Name, ImmutableArray<string> AddressLines, string VatNumber);

/// <summary>Something supplied.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Amount">Price of all of them, tax included.</param>
public sealed record ReceiptLine(string Title, int Quantity, Money Amount);

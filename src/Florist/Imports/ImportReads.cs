using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using CustomerMessage = Florist.Protos.Imports.V1.ImportedCustomer;
using PurchaseMessage = Florist.Protos.Imports.V1.ImportedPurchase;

namespace Florist.Imports;

/// <summary>Reads the fields of an import's request, collecting what is wrong.</summary>
internal static class ImportReads
{
    private const int SourceLengthMax = 20;
    private const string OwnSource = "orders";
    private static readonly DateOnly DayMin = new(1900, 1, 1);

    public static void CheckSource(string source, FieldChecks checks) => checks.That(
        source.Length is > 0 and <= SourceLengthMax && char.IsAsciiLetterLower(source[0]) && source != OwnSource
            && source.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)),
        "source",
        "SOURCE_INVALID",
        "must match [a-z][a-z0-9]{0,19} and not be the shop's own orders");

    public static void CheckCount(IReadOnlyCollection<CustomerMessage> customers, FieldChecks checks) => checks.That(
        customers.Count is > 0 and <= ImportBatch.CustomersMax,
        "customers",
        "COUNT_INVALID",
        $"must be 1 to {ImportBatch.CustomersMax}");

    public static void CheckOnce(IEnumerable<CustomerId> customers, FieldChecks checks)
    {
        HashSet<CustomerId> seen = [];
        checks.That(
            customers.All(customer => customer == default || seen.Add(customer)),
            "customers", "REPEATED", "names a customer twice");
    }

    public static ImmutableArray<ImportedPurchase> Purchases(
        CustomerMessage message, DateTimeOffset now, FieldChecks checks)
    {
        checks.That(
            message.Purchases.Count is > 0 and <= CustomerLimits.PurchasesPerImportMax,
            "purchases", "COUNT_INVALID", $"must be 1 to {CustomerLimits.PurchasesPerImportMax}");
        checks.That(
            message.Purchases.DistinctBy(purchase => purchase.Ordinal).Count() == message.Purchases.Count,
            "purchases", "REPEATED", "has an ordinal twice");

        // Somewhere on earth it is tomorrow already.
        DateOnly dayMax = DateOnly.FromDateTime(now.UtcDateTime).AddDays(1);
        return [.. message.Purchases.Select((purchase, i) => Purchase(purchase, $"purchases[{i}]", dayMax, checks))];
    }

    private static ImportedPurchase Purchase(PurchaseMessage message, string field, DateOnly dayMax, FieldChecks checks)
    {
        DateOnly? day = ProtoValues.ReadDay(message.PurchaseDate, $"{field}.purchase_date", checks);
        Money? amount = ProtoValues.ReadMoney(message.Amount, $"{field}.amount", checks);
        checks.That(message.PurchaseDate is not null, $"{field}.purchase_date", "REQUIRED", "is required");
        checks.That(message.Amount is not null, $"{field}.amount", "REQUIRED", "is required");
        checks.That(
            day is not { } given || (given >= DayMin && given <= dayMax),
            $"{field}.purchase_date", "DATE_INVALID", "is before 1900, or in the future");
        checks.That(amount is not { Minor: < 0 }, $"{field}.amount", "AMOUNT_INVALID", "is negative");
        checks.That(message.Ordinal > 0, $"{field}.ordinal", "ORDINAL_INVALID", "counts from 1");
        checks.That(message.Units > 0, $"{field}.units", "UNITS_INVALID", "is at least 1");
        return new ImportedPurchase(message.Ordinal, day ?? default, message.Units, amount ?? default);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>How purchases enter a customer's history and what they do to the traits.</summary>
internal static class PurchaseRules
{
    /// <summary>Adds one purchase to a customer, given what is known of its day.</summary>
    /// <returns>The change; null when the purchase is known already.</returns>
    public static Outcome<PurchasesAdded?> Record(
        CustomerRecord record, CustomerId id, Purchase purchase, ImmutableArray<Purchase> sameDay)
    {
        if (!record.Exists)
        {
            return Fault.NotFound(id.Name);
        }

        if (MistakeInKey(purchase) is { } mistake)
        {
            return mistake;
        }

        if (sameDay.Length >= CustomerLimits.PurchasesPerDayMax && sameDay.All(known => known.Key != purchase.Key))
        {
            return Fault.TooMany(
                "PURCHASES_LIMIT", $"a customer can have {CustomerLimits.PurchasesPerDayMax} purchases a day");
        }

        return Unknown([purchase], sameDay, id).Then<PurchasesAdded?>(fresh =>
            new(fresh.IsEmpty ? null : Added(record, fresh, sameDay), null));
    }

    /// <summary>
    /// Withdraws one purchase, given all that are known. One that is not known yet is marked all the same, so that it
    /// never counts when it comes.
    /// </summary>
    /// <returns>The change; null when it is withdrawn already.</returns>
    public static Outcome<PurchaseWithdrawn?> Withdraw(
        CustomerRecord record, CustomerId id, Purchase purchase, ImmutableArray<Purchase> known)
    {
        if (!record.Exists)
        {
            return Fault.NotFound(id.Name);
        }

        if (MistakeInKey(purchase) is { } mistake)
        {
            return mistake;
        }

        if (Unknown([purchase], known, id).Failed(out Fault? fault, out _))
        {
            return fault;
        }

        Purchase withdrawn = purchase with { Withdrawn = true };
        return new(known.Contains(withdrawn)
            ? null
            : new PurchaseWithdrawn(TraitsOf(known.Where(one => one.Key != purchase.Key)), withdrawn), null);
    }

    /// <summary>
    /// Adds purchases of another system, given all that are known; makes the customer if there is none.
    /// </summary>
    /// <returns>The change; null when there is nothing new.</returns>
    public static Outcome<PurchasesAdded?> Import(
        CustomerRecord record, CustomerId id, ImportPurchases command, ImmutableArray<Purchase> known)
    {
        if (record.CreatedAt is not null && CustomerRules.Obstacle(record, id) is { } obstacle)
        {
            return obstacle;
        }

        CustomerRecord holder = record.Exists
            ? record
            : record with { Profile = CustomerRules.WithDefaults(new CustomerProfile { Country = command.Country }) };
        ImmutableArray<Purchase> given = [.. command.Purchases.Select(one => new Purchase
        {
            Key = Key(command.Source, one.Ordinal),
            Day = one.Day,
            Units = one.Units,
            Amount = one.Amount,
        })];
        return Unknown(given, known, id).Then<PurchasesAdded?>(fresh =>
            new(fresh.IsEmpty && record.Exists ? null : Added(holder, fresh, known), null));
    }

    // The key becomes the last part of a resource name.
    private static Fault? MistakeInKey(Purchase purchase) => CustomerNames.IsId(purchase.Key)
        ? null
        : Fault.Invalid("key", "KEY_INVALID", "is not letters, digits and hyphens");

    // Six digits, so that the purchases of a day are listed in their order in the source.
    private static string Key(string source, int ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{source}-{ordinal:D6}");

    private static Outcome<ImmutableArray<Purchase>> Unknown(
        ImmutableArray<Purchase> given, ImmutableArray<Purchase> known, CustomerId id)
    {
        Dictionary<string, Purchase> byKey = known.ToDictionary(one => one.Key, StringComparer.Ordinal);
        ImmutableArray<Purchase>.Builder fresh = ImmutableArray.CreateBuilder<Purchase>();
        foreach (Purchase one in given)
        {
            if (!byKey.TryGetValue(one.Key, out Purchase? earlier))
            {
                fresh.Add(one);
            }
            else if (earlier with { Withdrawn = false } != one)
            {
                string name = $"{id.Name}/purchases/{one.Key}";
                return Fault.Refused("PURCHASE_DIFFERS", $"{name} is known with another day, units or amount")
                    .With("name", name);
            }
        }

        return fresh.ToImmutable();
    }

    private static PurchasesAdded Added(
        CustomerRecord record, ImmutableArray<Purchase> fresh, ImmutableArray<Purchase> known)
    {
        HashSet<DateOnly> days = [.. known.Where(one => !one.Withdrawn).Select(one => one.Day)];
        return new PurchasesAdded(record.Profile, With(record.Traits, fresh, days), fresh);
    }

    private static CustomerTraits TraitsOf(IEnumerable<Purchase> purchases) =>
        With(new CustomerTraits(), purchases.Where(one => !one.Withdrawn), []);

    private static CustomerTraits With(
        CustomerTraits traits, IEnumerable<Purchase> purchases, HashSet<DateOnly> days) =>
        purchases.Aggregate(traits, (sum, one) => With(sum, one, isNewDay: days.Add(one.Day)));

    private static CustomerTraits With(CustomerTraits traits, Purchase purchase, bool isNewDay)
    {
        string currency = purchase.Amount.Currency;
        CurrencySpend spend = traits.Spend.GetValueOrDefault(currency, new CurrencySpend(0, 0));
        return traits with
        {
            OrderCount = traits.OrderCount + 1,
            PurchaseDayCount = traits.PurchaseDayCount + (isNewDay ? 1 : 0),
            FirstPurchaseOn = traits.FirstPurchaseOn is { } first && first <= purchase.Day ? first : purchase.Day,
            LastPurchaseOn = traits.LastPurchaseOn is { } last && last >= purchase.Day ? last : purchase.Day,
            Spend = traits.Spend.SetItem(
                currency, new CurrencySpend(spend.OrderCount + 1, checked(spend.Minor + purchase.Amount.Minor))),
        };
    }
}

using Florist.Kernel;

namespace Florist.Customers;

/// <summary>
/// A customer's row in the index table: typed columns to filter and order by, and the customer as it is answered, so
/// that a listing reads nothing else. Columns are never null, because a page continues behind the last value: absent is
/// the empty text, or for numbers 0.
/// </summary>
internal static class CustomerIndex
{
    public const string Table = "customer_index";

    public static RowChange Row(CustomerView view) => new()
    {
        Table = Table,
        Key = [new("customer_id", view.Id.Value)],
        Values =
        [
            new("given_name", Folded(view.GivenName)),
            new("family_name", Folded(view.FamilyName)),
            new("email", Folded(view.Email ?? "")),
            new("mobile", view.Mobile ?? ""),
            new("region_code", view.Country),
            new("language_code", view.LanguageCode),
            new("time_zone", view.TimeZone),
            new("created_at", (DateTimeOffset?)view.CreatedAt),
            new("updated_at", (DateTimeOffset?)view.UpdatedAt),
            new("deleted", view.DeletedAt is not null),
            new("order_count", view.Traits.OrderCount),
            new("purchase_day_count", view.Traits.PurchaseDayCount),
            new("first_purchase_on", DayText(view.Traits.FirstPurchaseOn)),
            new("last_purchase_on", DayText(view.Traits.LastPurchaseOn)),
            new("currency", view.Traits.MainCurrency() ?? ""),
            new("spend_minor", view.Traits.MainSpend()?.Minor ?? 0),
            new("average_minor", view.Traits.AverageOrderValue()?.Minor ?? 0),
            new("body", FloristJson.Write(view with { Recipients = [] })),
        ],
    };

    public static RowChange Delete(CustomerId id) => new() { Table = Table, Key = [new("customer_id", id.Value)] };

    /// <summary>The form in which names and e-mail addresses are compared: without regard to case.</summary>
    public static string Folded(string text) => text.ToLowerInvariant();

    private static string DayText(DateOnly? day) =>
        day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "";
}

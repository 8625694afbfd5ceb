namespace Florist.Customers;

/// <summary>Topics under which this feature tells others what happened.</summary>
public static class CustomersTopics
{
    /// <summary>
    /// A customer was created or changed; body <see cref="CustomerChanged"/>. Purchases do not count as a change.
    /// </summary>
    public const string Changed = "customers.changed";

    /// <summary>A deleted customer's data were removed for good; body <see cref="CustomerPurged"/>.</summary>
    public const string Purged = "customers.purged";
}

/// <summary>
/// A customer's profile, preferences, recipients or deletion changed. Carries what others keep a copy of; whoever needs
/// more asks <see cref="ICustomerGrain.Get"/>. May arrive late, twice and out of order: the higher revision is the
/// newer one.
/// </summary>
/// <param name="CustomerId">Whose.</param>
/// <param name="TimeZone">IANA zone after the change.</param>
/// <param name="LanguageCode">BCP-47 tag after the change.</param>
/// <param name="Revision">The customer's revision after the change.</param>
/// <param name="Deleted">True while the customer is deleted: nothing may be sent.</param>
public sealed record CustomerChanged(
    CustomerId CustomerId, string TimeZone, string LanguageCode, long Revision, bool Deleted);

/// <summary>A deleted customer's data are gone; whoever keeps data about the customer removes them too.</summary>
/// <param name="CustomerId">Whose.</param>
public sealed record CustomerPurged(CustomerId CustomerId);

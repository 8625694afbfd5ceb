using System.Collections.Immutable;
using Florist.Kernel;
using Orleans;
using Orleans.Concurrency;

namespace Florist.Customers;

/// <summary>
/// One customer: profile, preferences, recipients and what their purchases come to. Key: the customer id. Every method
/// answers <see cref="Fault.NotFound"/> for a customer that was never created or was purged, unless it says otherwise.
/// </summary>
public interface ICustomerGrain : IGrainWithStringKey
{
    /// <summary>The customer; also while deleted, until purged.</summary>
    [ReadOnly]
    Task<Outcome<CustomerView>> Get();

    /// <summary>Creates the customer. Safe to repeat with the same request id.</summary>
    /// <returns>The customer; <see cref="Fault.Exists"/> when the id is taken, for ever.</returns>
    Task<Outcome<CustomerView>> Create(CreateCustomer command);

    /// <summary>Changes the named fields of the profile. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The customer; <see cref="Fault.Stale"/> for another etag; a refusal <c>CUSTOMER_DELETED</c>; Invalid when the
    /// profile would not hold together.
    /// </returns>
    Task<Outcome<CustomerView>> Update(UpdateCustomer command);

    /// <summary>
    /// Deletes softly: nothing is sent any more, and the data go for good later. Safe to repeat with the same request
    /// id.
    /// </summary>
    /// <returns>The customer with its purge time; <see cref="Fault.Stale"/>; NotFound when deleted already.</returns>
    Task<Outcome<CustomerView>> Delete(DeleteCustomer command);

    /// <summary>Takes a deletion back. Safe to repeat with the same request id.</summary>
    /// <returns>The customer; <see cref="Fault.Exists"/> when it is not deleted; <see cref="Fault.Stale"/>.</returns>
    Task<Outcome<CustomerView>> Undelete(UndeleteCustomer command);

    /// <summary>Adds a recipient. Safe to repeat with the same request id.</summary>
    /// <returns>
    /// The recipient; <see cref="Fault.Exists"/>; TooMany at <see cref="CustomerLimits.RecipientsMax"/>.
    /// </returns>
    Task<Outcome<Recipient>> AddRecipient(AddRecipient command);

    /// <summary>Changes the named fields of a recipient. Safe to repeat with the same request id.</summary>
    /// <returns>The recipient; NotFound; <see cref="Fault.Stale"/>; Invalid when it would not hold together.</returns>
    Task<Outcome<Recipient>> ChangeRecipient(ChangeRecipient command);

    /// <summary>Removes a recipient for good. Safe to repeat with the same request id.</summary>
    /// <returns>Nothing; NotFound; <see cref="Fault.Stale"/>.</returns>
    Task<Outcome<Done>> RemoveRecipient(RemoveRecipient command);

    /// <summary>
    /// Adds a purchase to the history and the traits, once per <see cref="Purchase.Key"/>: fed by confirmed orders.
    /// Safe to repeat. A deleted customer's history still counts it, because the order happened.
    /// </summary>
    /// <returns>
    /// Nothing; Invalid for a key that cannot stand in a resource name; TooMany past <see
    /// cref="CustomerLimits.PurchasesPerDayMax"/> on one day.
    /// </returns>
    Task<Outcome<Done>> RecordPurchase(Purchase purchase);

    /// <summary>
    /// Takes a purchase out of the traits for good, because its order was cancelled; in the history it stays, marked.
    /// Safe to repeat, and safe before <see cref="RecordPurchase"/> of the same purchase, which then adds nothing.
    /// </summary>
    /// <returns>
    /// Nothing; Invalid for a key that cannot stand in a resource name; a refusal <c>PURCHASE_DIFFERS</c>.
    /// </returns>
    Task<Outcome<Done>> WithdrawPurchase(Purchase purchase);

    /// <summary>
    /// Adds purchases of another system's history in one commit, creating the customer when there is none. Purchases
    /// known already are left alone; when all are, nothing is written.
    /// </summary>
    /// <returns>
    /// What became of it; a refusal <c>PURCHASE_DIFFERS</c> or <c>CUSTOMER_DELETED</c>, and then nothing was added.
    /// </returns>
    Task<Outcome<PurchasesImported>> ImportPurchases(ImportPurchases command);

    /// <summary>A page of the purchases, latest day first.</summary>
    Task<Outcome<Page<Purchase>>> Purchases(PageRequest page);
}

/// <summary>Limits of what one customer holds.</summary>
public static class CustomerLimits
{
    /// <summary>Recipients of one customer.</summary>
    public const int RecipientsMax = 100;

    /// <summary>Purchases of one customer on one day.</summary>
    public const int PurchasesPerDayMax = 1000;

    /// <summary>Purchases in one import command.</summary>
    public const int PurchasesPerImportMax = 1000;

    /// <summary>Longest given or family name, in code points.</summary>
    public const int NameLengthMax = 100;
}

/// <summary>Creates a customer.</summary>
/// <param name="RequestId">Tells a repeat from a second request; null promises nothing about repeats.</param>
/// <param name="Profile">Checked field by field.</param>
public sealed record CreateCustomer(string? RequestId, CustomerProfile Profile);

/// <summary>Changes fields of a customer's profile.</summary>
/// <param name="RequestId">As in <see cref="CreateCustomer"/>.</param>
/// <param name="Etag">The version the caller decided on; null accepts any.</param>
/// <param name="Values">The new values; only those of <paramref name="Paths"/> are looked at.</param>
/// <param name="Paths">
/// Known paths of the <c>Customer</c> message, as <c>email</c> or <c>preferences.liked_stems</c>.
/// </param>
public sealed record UpdateCustomer(
    string? RequestId, string? Etag, CustomerProfile Values, ImmutableArray<string> Paths);

/// <summary>Deletes a customer softly.</summary>
/// <param name="RequestId">As in <see cref="CreateCustomer"/>.</param>
/// <param name="Etag">As in <see cref="UpdateCustomer"/>.</param>
public sealed record DeleteCustomer(string? RequestId, string? Etag);

/// <summary>Takes a deletion back.</summary>
/// <param name="RequestId">As in <see cref="CreateCustomer"/>.</param>
/// <param name="Etag">As in <see cref="UpdateCustomer"/>.</param>
public sealed record UndeleteCustomer(string? RequestId, string? Etag);

/// <summary>Adds a recipient.</summary>
/// <param name="RequestId">As in <see cref="CreateCustomer"/>.</param>
/// <param name="Recipient">Id and values; revision and times are set by the customer.</param>
public sealed record AddRecipient(string? RequestId, Recipient Recipient);

/// <summary>Changes fields of a recipient.</summary>
/// <param name="RequestId">As in <see cref="CreateCustomer"/>.</param>
/// <param name="Etag">As in <see cref="UpdateCustomer"/>, of the recipient.</param>
/// <param name="Values">Id, and the new values of <paramref name="Paths"/>.</param>
/// <param name="Paths">Known paths of the <c>Recipient</c> message.</param>
public sealed record ChangeRecipient(string? RequestId, string? Etag, Recipient Values, ImmutableArray<string> Paths);

/// <summary>Removes a recipient.</summary>
/// <param name="RequestId">As in <see cref="CreateCustomer"/>.</param>
/// <param name="Etag">As in <see cref="ChangeRecipient"/>.</param>
/// <param name="Id">Which.</param>
public sealed record RemoveRecipient(string? RequestId, string? Etag, RecipientId Id);

/// <summary>Adds purchases from another system's history.</summary>
/// <param name="Source">The other system: a lower-case word, part of every purchase's key.</param>
/// <param name="Country">CLDR region code for a customer that is created by it.</param>
/// <param name="Purchases">At most <see cref="CustomerLimits.PurchasesPerImportMax"/>; ordinals are unique.</param>
public sealed record ImportPurchases(string Source, string Country, ImmutableArray<ImportedPurchase> Purchases);

/// <summary>A purchase of another system.</summary>
/// <param name="Ordinal">
/// Its number among this customer's purchases in the source, from 1; (customer, ordinal) is the key.
/// </param>
/// <param name="Day">Civil day.</param>
/// <param name="Units">Pieces; at least 1.</param>
/// <param name="Amount">What was paid; not negative.</param>
public sealed record ImportedPurchase(int Ordinal, DateOnly Day, int Units, Money Amount);

/// <summary>What became of an import of purchases.</summary>
/// <param name="Created">The customer did not exist before.</param>
/// <param name="Added">Purchases added; 0 means that nothing was written, unless created.</param>
public sealed record PurchasesImported(bool Created, int Added);

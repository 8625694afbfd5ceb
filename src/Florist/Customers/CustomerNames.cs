using System.Buffers;
using Florist.Kernel;

namespace Florist.Customers;

/// <summary>
/// Reads resource names of customers, and decides at once whether the caller may reach whom they name.
/// </summary>
public static class CustomerNames
{
    private const string Collection = "customers";
    private const string Prefix = $"{Collection}/";
    private const string Me = "me";
    private const int IdLengthMax = 63;

    private static readonly SearchValues<char> IdLetters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>
    /// The customer of a name <c>customers/{customer}</c>. <c>customers/me</c> is the calling customer; anybody else's
    /// name is refused to a customer, whether or not there is such a customer.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="field">Path of the field that holds it.</param>
    /// <param name="caller">Who asks.</param>
    public static Outcome<CustomerId> Customer(string name, string field, Caller caller) =>
        name.StartsWith(Prefix, StringComparison.Ordinal) && name[Prefix.Length..] is string id && IsId(id)
            ? Reached(id, caller)
            : Malformed(field, "customers/{customer}");

    /// <summary>Customer and last part of a name such as <c>customers/{customer}/recipients/{recipient}</c>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="children">The child collection, as <c>recipients</c>.</param>
    /// <param name="field">Path of the field that holds it.</param>
    /// <param name="caller">Who asks.</param>
    public static Outcome<CustomerChild> Child(string name, string children, string field, Caller caller) =>
        name.Split('/') is [Collection, string id, string collection, string child]
            && collection == children && IsId(id) && IsId(child)
            ? Reached(id, caller).Then<CustomerChild>(customer => new CustomerChild(customer, child))
            : Malformed(field, $"customers/{{customer}}/{children}/{{id}}");

    /// <summary>True for what can be the id of a customer or of something of theirs, chosen or made.</summary>
    public static bool IsId(string id) =>
        id.Length is > 0 and <= IdLengthMax && id[0] != '-' && id[^1] != '-'
        && !id.AsSpan().ContainsAnyExcept(IdLetters);

    private static Outcome<CustomerId> Reached(string id, Caller caller)
    {
        string meant = id == Me && caller.Kind == CallerKind.Customer ? caller.Id : id;
        if (!caller.Reaches(meant))
        {
            return Fault.Denied("the caller may not reach this customer");
        }

        return meant == Me
            ? Fault.Invalid("name", "NAME_INVALID", "customers/me is for customers; others name one")
            : new CustomerId(meant);
    }

    private static Fault Malformed(string field, string pattern) =>
        Fault.Invalid(field, "NAME_INVALID", $"is not a name of the form {pattern}");
}

/// <summary>Something of a customer's.</summary>
/// <param name="Customer">Whose.</param>
/// <param name="Id">Its id among the customer's.</param>
public readonly record struct CustomerChild(CustomerId Customer, string Id);

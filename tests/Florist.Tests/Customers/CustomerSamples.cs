using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Tests.Customers;

/// <summary>Customers in the states that rules are tried on.</summary>
internal static class CustomerSamples
{
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    public static readonly CustomerId Anna = new("anna");

    public static readonly CustomerProfile Profile = new()
    {
        GivenName = "Anna",
        FamilyName = "Lee",
        Email = "anna@example.org",
        Country = "GB",
        LanguageCode = "en-GB",
        TimeZone = "Europe/London",
    };

    public static CustomerRecord Created { get; } = new CustomerRecord().Apply(Anna, new ProfileSet(Profile), Now);

    public static CustomerRecord Deleted { get; } =
        Created.Apply(Anna, new CustomerDeleted(Now.AddDays(30)), Now);

    public static CustomerRecord Purged { get; } = Deleted.Purged(Anna, [], Now.AddDays(30));

    public static Recipient Mum { get; } = new()
    {
        Id = new("mum"),
        GivenName = "Mary",
        Relationship = Relationship.Mother,
    };

    public static CustomerRecord WithMum { get; } = Created.Apply(Anna, new RecipientSet(Mum), Now);

    public static Purchase Bought(string key, string day, int minor = 1000, string currency = "GBP") => new()
    {
        Key = key,
        Day = DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        Units = 1,
        Amount = new Money(minor, currency),
    };

    /// <summary>The fault of an outcome that must be one.</summary>
    public static Fault Refusal<T>(Outcome<T> outcome) =>
        outcome.Failed(out Fault? fault, out _) ? fault : throw new InvalidOperationException("it was not refused");

    /// <summary>The value of an outcome that must be one.</summary>
    public static T Value<T>(Outcome<T> outcome) => outcome.Failed(out Fault? fault, out T? value)
        ? throw new InvalidOperationException(fault.Text)
        : value;

    public static ImmutableArray<string> Paths(params string[] paths) => [.. paths];
}

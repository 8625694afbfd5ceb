using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Customers;

/// <summary>Settings of customers, from the section <c>Customers</c>.</summary>
public sealed class CustomersOptions
{
    /// <summary>Days between the deletion of a customer and the removal of their data; 1 to 365.</summary>
    [Range(1, 365)]
    public int PurgeAfterDays { get; set; } = 30;
}

[OptionsValidator]
internal sealed partial class CustomersOptionsValidator : IValidateOptions<CustomersOptions>;

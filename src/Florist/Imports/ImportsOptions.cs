using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Imports;

/// <summary>Settings of imports, from the section <c>Imports</c>.</summary>
public sealed class ImportsOptions
{
    /// <summary>Customers of one batch that are worked on at the same time; 1 to 500.</summary>
    [Range(1, 500)]
    public int CustomersInFlightMax { get; set; } = 100;
}

[OptionsValidator]
internal sealed partial class ImportsOptionsValidator : IValidateOptions<ImportsOptions>;

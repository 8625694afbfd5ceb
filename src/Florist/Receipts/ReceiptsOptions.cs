using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Receipts;

/// <summary>
/// Settings of the section <c>Receipts</c>: who supplies, as it stands on receipts issued from now on.
/// </summary>
public sealed class ReceiptsOptions
{
    /// <summary>Name of the seller.</summary>
    [Required]
    public string SellerName { get; set; } = "Florist";

    /// <summary>Address of the seller, line by line.</summary>
    public List<string> SellerAddress { get; set; } = [];

    /// <summary>Registration for value added tax, as <c>GB123456789</c>; empty for none.</summary>
    public string VatNumber { get; set; } = "";
}

/// <summary>Checks <see cref="ReceiptsOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class ReceiptsOptionsValidator : IValidateOptions<ReceiptsOptions>;

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Vouchers;

/// <summary>Settings of vouchers, from the section <c>Vouchers</c>.</summary>
public sealed class VouchersOptions
{
    /// <summary>How long a use is kept for an order that is not paid for yet, in minutes.</summary>
    [Range(1, 120)]
    public int HoldMinutes { get; set; } = 10;
}

/// <summary>Checks <see cref="VouchersOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class VouchersOptionsValidator : IValidateOptions<VouchersOptions>;

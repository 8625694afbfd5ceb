using System.Text.RegularExpressions;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What a courier needs to find a door.</summary>
internal static partial class DeliveryAddress
{
    /// <summary>Collects what is missing, and refuses post-office boxes.</summary>
    public static void Check(PostalAddress address, string field, FieldChecks checks)
    {
        checks.That(address.RegionCode.Length > 0, $"{field}.region_code", "REQUIRED", "is required");
        checks.That(!address.Lines.IsEmpty, $"{field}.address_lines", "REQUIRED", "street and number are required");
        checks.That(
            address.Locality is not null || address.PostalCode is not null,
            $"{field}.locality",
            "REQUIRED",
            "a town or a postal code is required");
        for (int i = 0; i < address.Lines.Length; i++)
        {
            checks.That(
                !PostOfficeBox().IsMatch(address.Lines[i]),
                $"{field}.address_lines[{i}]",
                "POST_OFFICE_BOX",
                "a courier cannot deliver to a post-office box");
        }
    }

    [GeneratedRegex(
        @"\b(p\.?\s?o\.?\s?box|postfach|bo[iî]te postale)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PostOfficeBox();
}

using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.ShopFloor;

/// <summary>Settings of the section <c>ShopFloor</c>: the card printer.</summary>
public sealed class ShopFloorOptions
{
    /// <summary>Columns of a card in the usual print.</summary>
    [Range(16, 120)]
    public int CardColumns { get; set; } = 28;

    /// <summary>Lines of a card; what has more in the usual print is laid out for the small one.</summary>
    [Range(4, 60)]
    public int CardLines { get; set; } = 12;

    /// <summary>Columns of a card in the small print.</summary>
    [Range(16, 200)]
    public int CardColumnsSmall { get; set; } = 42;
}

/// <summary>Checks <see cref="ShopFloorOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class ShopFloorOptionsValidator : IValidateOptions<ShopFloorOptions>;

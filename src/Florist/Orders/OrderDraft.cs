using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Stock;

namespace Florist.Orders;

/// <summary>What somebody asks for, in canonical form, before it is priced and promised.</summary>
public sealed record OrderDraft
{
    /// <summary>To whom, where the customer keeps the recipient; null for <see cref="Contact"/> alone.</summary>
    public RecipientId? RecipientId { get; init; }

    /// <summary>To whom and where for this order; null takes the recipient's own address.</summary>
    public DeliveryContact? Contact { get; init; }

    /// <summary>What; 1 to <see cref="OrderLimits.LinesMax"/>, each bouquet once.</summary>
    public ImmutableArray<DraftLine> Lines { get; init; } = [];

    /// <summary>The civil day of delivery, in the shop's zone.</summary>
    public DateOnly DeliveryOn { get; init; }

    /// <summary>The wanted window; null takes the shop's whole delivery day.</summary>
    public DayWindow? Window { get; init; }

    /// <summary>
    /// Exactly this slot of the day, whose window is then promised; null leaves the choice to the shop.
    /// </summary>
    public SlotName? Slot { get; init; }

    /// <summary>Code of the voucher to use, in its one form; null for none.</summary>
    public string? Voucher { get; init; }

    /// <summary>The card; null for none.</summary>
    public CardMessage? Card { get; init; }

    /// <summary>What the shop may do when a stem is missing.</summary>
    public SubstitutionPolicy Substitution { get; init; }

    /// <summary>What the courier may do when nobody is at home.</summary>
    public AbsencePolicy Absence { get; init; } = new();

    /// <summary>What it is given for; null when not told.</summary>
    public OccasionCategory? Category { get; init; }

    /// <summary>ISO 4217 currency of every amount.</summary>
    public string Currency { get; init; } = "";

    /// <summary>True when named hazards are known and accepted.</summary>
    public bool HazardsAcknowledged { get; init; }
}

/// <summary>A line of a draft.</summary>
/// <param name="Bouquet">What.</param>
/// <param name="Quantity">How many; 1 to <see cref="OrderLimits.QuantityMax"/>.</param>
public sealed record DraftLine(BouquetId Bouquet, int Quantity);

/// <summary>A window of a day, in the shop's civil time; half open.</summary>
/// <param name="Start">Its begin.</param>
/// <param name="End">Its end, later than its begin.</param>
public sealed record DayWindow(TimeOnly Start, TimeOnly End);

/// <summary>The card.</summary>
/// <param name="Text">At most <see cref="OrderLimits.CardLengthMax"/> code points; may be empty.</param>
/// <param name="Signature">Who it is from; null for an unsigned card.</param>
public sealed record CardMessage(string Text, string? Signature);

/// <summary>Who receives and where.</summary>
public sealed record DeliveryContact
{
    /// <summary>Given name of the recipient.</summary>
    public string GivenName { get; init; } = "";

    /// <summary>Family name of the recipient; null when not known.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Where to.</summary>
    public PostalAddress Address { get; init; } = new();

    /// <summary>Number for this delivery only, in E.164; null when not known.</summary>
    public string? Phone { get; init; }

    /// <summary>The kind of place.</summary>
    public PlaceType Place { get; init; }

    /// <summary>How to get in, for the courier; null for nothing to say.</summary>
    public string? AccessNote { get; init; }
}

/// <summary>The kind of place that flowers are delivered to.</summary>
public enum PlaceType
{
    /// <summary>A private home.</summary>
    Residence,

    /// <summary>A firm, in its hours.</summary>
    Business,

    /// <summary>A hospital, at its desk.</summary>
    Hospital,

    /// <summary>A school, at its office.</summary>
    School,

    /// <summary>A funeral home or ceremony.</summary>
    FuneralHome,

    /// <summary>A hotel, for a guest.</summary>
    Hotel,
}

/// <summary>What the shop may do when a stem is missing. The price never rises for it.</summary>
public enum SubstitutionPolicy
{
    /// <summary>Others of at least the same value, keeping colour and shape.</summary>
    AllowEqualOrGreaterValue,

    /// <summary>Only after asking.</summary>
    AskFirst,

    /// <summary>Never.</summary>
    NoSubstitution,
}

/// <summary>What the courier may do when nobody is at home.</summary>
public sealed record AbsencePolicy
{
    /// <summary>Leave it in a safe place, with a photo.</summary>
    public bool SafePlaceAllowed { get; init; }

    /// <summary>Where; null when not told.</summary>
    public string? SafePlace { get; init; }

    /// <summary>Leave it with a neighbour.</summary>
    public bool NeighbourAllowed { get; init; }
}

/// <summary>Limits of an order.</summary>
public static class OrderLimits
{
    /// <summary>Lines of an order.</summary>
    public const int LinesMax = 20;

    /// <summary>Pieces of a line.</summary>
    public const int QuantityMax = 50;

    /// <summary>Code points of a card's text.</summary>
    public const int CardLengthMax = 240;

    /// <summary>Lines of a card's text.</summary>
    public const int CardLinesMax = 8;

    /// <summary>Code points of a signature.</summary>
    public const int SignatureLengthMax = 60;

    /// <summary>Code points of an access note or a reason.</summary>
    public const int NoteLengthMax = 200;

    /// <summary>Code points of a safe place.</summary>
    public const int SafePlaceLengthMax = 100;
}

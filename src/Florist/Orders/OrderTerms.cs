using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>What an order costs and when it comes. Once promised, it does not move.</summary>
public sealed record OrderTerms
{
    /// <summary>The lines with their prices, in the order of the draft.</summary>
    public ImmutableArray<PricedLine> Lines { get; init; } = [];

    /// <summary>Delivery, tax included.</summary>
    public Money DeliveryFee { get; init; }

    /// <summary>What the voucher takes off the lines; null when none is used.</summary>
    public Money? Discount { get; init; }

    /// <summary>What is to be paid: the lines less the discount, and the delivery.</summary>
    public Money Total { get; init; }

    /// <summary>The tax that the total contains, by rate.</summary>
    public ImmutableArray<TaxLine> Taxes { get; init; } = [];

    /// <summary>The promised window, in the civil time of the place of delivery.</summary>
    public DayWindow Window { get; init; } = new(TimeOnly.MinValue, TimeOnly.MaxValue);

    /// <summary>IANA zone of the place of delivery.</summary>
    public string TimeZone { get; init; } = "";

    /// <summary>Begin of the promised window, as an instant: a promise does not move when zone rules do.</summary>
    public DateTimeOffset WindowStartsAt { get; init; }

    /// <summary>End of the promised window, as an instant.</summary>
    public DateTimeOffset WindowEndsAt { get; init; }

    /// <summary>Until when the order may be placed, and cancelled by its customer.</summary>
    public DateTimeOffset CutOffAt { get; init; }

    /// <summary>Until when the flowers are fresh enough to be handed over.</summary>
    public DateTimeOffset FreshUntil { get; init; }

    /// <summary>The shop that delivers; empty for an order from before days were counted.</summary>
    public string Shop { get; init; } = "";

    /// <summary>Where to, in that shop's terms; its cut-off counts.</summary>
    public string Area { get; init; } = "";

    /// <summary>The slot of the day in which it has a place; empty before it has one.</summary>
    public string Slot { get; init; } = "";

    /// <summary>Grows with every change of day, slot or lines, so that an old claim is not taken for the new.</summary>
    public long PlaceGeneration { get; init; }

    /// <summary>Sum of the lines.</summary>
    public Money Subtotal() => Lines.Aggregate(Money.Zero(Total.Currency), (sum, line) => sum + line.Amount);
}

/// <summary>A line with its price.</summary>
/// <param name="Bouquet">What.</param>
/// <param name="Title">What it was called, in the customer's language.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">Price of one, tax included.</param>
public sealed record PricedLine(BouquetId Bouquet, string Title, int Quantity, Money UnitPrice)
{
    /// <summary>Price of all of them.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Money Amount => UnitPrice * Quantity;
}

/// <summary>Tax of one rate. Net and tax add up to gross.</summary>
/// <param name="RateBasisPoints">Hundredths of a percent.</param>
/// <param name="Gross">Amount with tax.</param>
/// <param name="Tax">The tax in it, rounded half away from zero, once for the rate.</param>
public sealed record TaxLine(int RateBasisPoints, Money Gross, Money Tax)
{
    /// <summary>The tax that a gross amount contains at a rate.</summary>
    public static TaxLine Of(int rateBasisPoints, Money gross)
    {
        decimal tax = (decimal)gross.Minor * rateBasisPoints / (10_000 + rateBasisPoints);
        return new(
            rateBasisPoints, gross, new Money((long)Math.Round(tax, MidpointRounding.AwayFromZero), gross.Currency));
    }
}

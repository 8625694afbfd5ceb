namespace Florist.Stock;

/// <summary>Topics under which this feature tells others what happened.</summary>
public static class StockTopics
{
    /// <summary>
    /// Some time after something was promised of a day: whoever keeps orders compares; body <see cref="DayToVerify"/>.
    /// </summary>
    public const string DayToVerify = "stock.day_to_verify";
}

/// <summary>A day whose promises are to be compared with the orders.</summary>
/// <param name="Shop">The shop.</param>
/// <param name="Day">The day.</param>
public sealed record DayToVerify(string Shop, DateOnly Day);

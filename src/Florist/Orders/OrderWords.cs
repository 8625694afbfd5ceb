using System.Collections.Immutable;
using System.Text.Json;

namespace Florist.Orders;

/// <summary>Names of enum values as the contract has them: UPPER_SNAKE_CASE.</summary>
internal static class OrderWords
{
    /// <summary>The name of a value.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());

    /// <summary>The names of all values.</summary>
    public static ImmutableArray<string> All<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(Of)];
}

using System.Globalization;

namespace Florist.Kernel;

/// <summary>An amount in the minor unit of one currency (pence, cents), so that sums are exact.</summary>
/// <param name="Minor">Minor units; negative for what is given back.</param>
/// <param name="Currency">ISO 4217 code in upper case. Only currencies of two decimals are in use.</param>
public readonly record struct Money(long Minor, string Currency)
{
    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>The sum. Adding two currencies is a bug.</summary>
    public static Money operator +(Money left, Money right) =>
        new(checked(left.Minor + right.Minor), Same(left, right));

    /// <summary>The difference. Subtracting another currency is a bug.</summary>
    public static Money operator -(Money left, Money right) =>
        new(checked(left.Minor - right.Minor), Same(left, right));

    /// <summary>The price of several.</summary>
    public static Money operator *(Money price, int quantity) => new(checked(price.Minor * quantity), price.Currency);

    /// <summary>For logs and tables, as <c>34.50 GBP</c>; messages to people are formatted by language.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Minor / 100m:0.00} {Currency}");

    private static string Same(Money left, Money right) => left.Currency == right.Currency
        ? left.Currency
        : throw new InvalidOperationException($"{left.Currency} and {right.Currency} have no common sum");
}

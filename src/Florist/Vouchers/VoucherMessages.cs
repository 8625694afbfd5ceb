using System.Collections.Immutable;
using Florist.Kernel;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Proto = Florist.Protos.Vouchers.V1.Voucher;

namespace Florist.Vouchers;

/// <summary>Vouchers to messages and back.</summary>
internal static class VoucherMessages
{
    public const int TitleLengthMax = 100;
    private const int AmountsMax = 10;

    /// <summary>A voucher.</summary>
    public static Proto ToProto(this VoucherView voucher)
    {
        Proto message = new()
        {
            Name = VoucherCodes.NameOf(voucher.Code),
            Title = voucher.Title ?? "",
            PercentBasisPoints = voucher.Terms.PercentBasisPoints,
            UsageLimit = voucher.Terms.UsageLimit,
            PerCustomerLimit = voucher.Terms.PerCustomerLimit ?? 0,
            StartTime = voucher.Terms.ValidFrom?.ToProto(),
            EndTime = voucher.Terms.ValidUntil?.ToProto(),
            Customer = voucher.Terms.CustomerId is { } customer ? $"customers/{customer}" : "",
            ReservedCount = voucher.ReservedCount,
            RedeemedCount = voucher.RedeemedCount,
            CreateTime = voucher.IssuedAt.ToProto(),
            DisableTime = voucher.DisabledAt?.ToProto(),
            Etag = Etags.Of(voucher.Revision),
        };
        message.Amounts.AddRange(voucher.Terms.Amounts.Select(amount => amount.ToProto()));
        message.Minimums.AddRange(voucher.Terms.Minimums.Select(amount => amount.ToProto()));
        return message;
    }

    /// <summary>Reads what a voucher is worth, collecting what is wrong.</summary>
    public static VoucherTerms Read(Proto message, FieldChecks checks)
    {
        bool isShare = message.PercentBasisPoints != 0;
        checks.That(
            isShare != message.Amounts.Count > 0,
            "voucher.percent_basis_points",
            "ONE_OF_TWO",
            "either this or amounts is required, and not both");
        checks.That(
            message.PercentBasisPoints is >= 0 and <= 10_000,
            "voucher.percent_basis_points",
            "OUT_OF_RANGE",
            "must be 1 to 10000");
        Limit(message.UsageLimit, "voucher.usage_limit", checks);
        Limit(message.PerCustomerLimit, "voucher.per_customer_limit", checks);
        DateTimeOffset? from = Instant(message.StartTime);
        DateTimeOffset? until = Instant(message.EndTime);
        checks.That(
            until is null || from is null || from < until,
            "voucher.end_time",
            "NOT_AFTER_START",
            "must be later than start_time");
        string? customer = CustomerOf(message.Customer);
        checks.That(
            customer is not null || message.Customer.Length == 0,
            "voucher.customer",
            "NAME_INVALID",
            "is not a name of the form customers/{customer}");
        return new VoucherTerms
        {
            PercentBasisPoints = message.PercentBasisPoints,
            Amounts = Amounts(message.Amounts, "voucher.amounts", checks),
            Minimums = Amounts(message.Minimums, "voucher.minimums", checks),
            UsageLimit = message.UsageLimit == 0 ? 1 : message.UsageLimit,
            PerCustomerLimit = message.PerCustomerLimit == 0 ? null : message.PerCustomerLimit,
            ValidFrom = from,
            ValidUntil = until,
            CustomerId = customer,
        };
    }

    /// <summary>Reads a required amount above nothing.</summary>
    public static Money Amount(Google.Type.Money? message, string field, FieldChecks checks)
    {
        Money? read = ProtoValues.ReadMoney(message, field, checks);
        checks.That(message is not null, field, "REQUIRED", "is required");
        checks.That(read is null or { Minor: > 0 }, field, "OUT_OF_RANGE", "must be more than nothing");
        return read ?? default;
    }

    /// <summary>The id of a customer's name; null for anything else.</summary>
    public static string? CustomerOf(string name) =>
        name.Split('/') is ["customers", { Length: > 0 and <= 63 } id]
        && id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')
            ? id
            : null;

    private static ImmutableArray<Money> Amounts(
        RepeatedField<Google.Type.Money> messages, string field, FieldChecks checks)
    {
        checks.That(messages.Count <= AmountsMax, field, "TOO_MANY", $"more than {AmountsMax} currencies");
        ImmutableArray<Money> amounts =
            [.. messages.Take(AmountsMax).Select((message, i) => Amount(message, $"{field}[{i}]", checks))];
        checks.That(
            amounts.Select(amount => amount.Currency).Distinct().Count() == amounts.Length,
            field,
            "DUPLICATE",
            "has a currency twice");
        return amounts;
    }

    private static void Limit(int limit, string field, FieldChecks checks) => checks.That(
        limit is >= 0 and <= VoucherTerms.UsageLimitMax,
        field,
        "OUT_OF_RANGE",
        $"must be at most {VoucherTerms.UsageLimitMax}");

    private static DateTimeOffset? Instant(Timestamp? message) => message?.ToDateTimeOffset();
}

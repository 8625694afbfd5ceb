using System.Collections.Immutable;
using System.Reflection;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Receipts;
using Florist.Stock;
using Florist.Vouchers;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Contracts;

/// <summary>Every record whose JSON outlives the process that wrote it.</summary>
internal static class StoredRecords
{
    private static readonly Assembly Product = typeof(Fault).Assembly;

    /// <summary>Records of rows and of outbox messages, which no declaration tells.</summary>
    private static readonly ImmutableArray<Type> Others =
    [
        typeof(Recipient), typeof(Purchase), typeof(CustomerView), typeof(Occasion), typeof(ReminderSettled),
        typeof(MessageRecord), typeof(DeliveryHistoryEntry), typeof(RejectedReport),
        typeof(Answered).GetNestedType("Answer", BindingFlags.NonPublic) ?? throw new MissingMemberException("Answer"),
        typeof(SendOrder), typeof(PaymentRequest), typeof(PaymentRelease), typeof(OrderConfirmed),
        typeof(PaymentCapture), typeof(PaymentRefund), typeof(PromiseChanged), typeof(PromiseCompensation),
        typeof(Grant), typeof(SubstitutionProposed),
        typeof(OrderCancelled), typeof(OrderExpired), typeof(OrderCompleted), typeof(DeliveryChanged),
        typeof(ReminderDue), typeof(CustomerChanged), typeof(Receipt), typeof(Claim<PlaceAndStems>), typeof(StockMovement),
        typeof(DeliveryDay), typeof(DayToVerify), typeof(PlaceRelease),
        typeof(Claim<VoucherUse>), typeof(VoucherView),
    ];

    /// <summary>All of them, by name.</summary>
    public static ImmutableSortedDictionary<string, Type> All { get; } = States().Concat(Others).Distinct()
        .ToImmutableSortedDictionary(NameOf, type => type, StringComparer.Ordinal);

    /// <summary>What its documents stand under; a claim is told by what is claimed.</summary>
    public static string NameOf(Type record) => record.IsGenericType
        ? $"{record.Name.Split('`')[0]}Of{string.Concat(record.GenericTypeArguments.Select(NameOf))}"
        : record.Name;

    /// <summary>The present version of a record.</summary>
    public static int VersionOf(Type record) => record.GetCustomAttribute<StateVersionAttribute>()?.Version ?? 1;

    /// <summary>The states of grains.</summary>
    public static IEnumerable<Type> States() =>
        from grain in Product.GetTypes()
        where grain.IsAssignableTo(typeof(Grain)) && !grain.IsAbstract
        from parameter in grain.GetConstructors().SelectMany(constructor => constructor.GetParameters())
        where parameter.ParameterType.IsGenericType
            && parameter.ParameterType.GetGenericTypeDefinition() == typeof(IPersistentState<>)
        select parameter.ParameterType.GenericTypeArguments[0];

    /// <summary>What stored JSON of a record means today, as JSON again.</summary>
    public static byte[] ReadAndWrite(Type record, byte[] stored)
    {
        MethodInfo typed = typeof(StoredRecords).GetMethod(nameof(Again), BindingFlags.NonPublic | BindingFlags.Static)
            ?? throw new MissingMethodException(nameof(Again));
        return typed.MakeGenericMethod(record).Invoke(
            null, BindingFlags.DoNotWrapExceptions, null, [stored], null) as byte[] ?? [];
    }

    private static byte[] Again<T>(byte[] stored) => FloristJson.WriteBytes(FloristJson.Read<T>(stored));
}

using System.Collections.Frozen;
using Florist.Kernel;

namespace Florist.Server.Auth;

/// <summary>
/// Who may call which method, and which methods answer with personal data. What is not in the table may be called by
/// nobody. Whose resources a permitted caller reaches is decided by the services, call by call.
/// </summary>
internal sealed class PolicyTable
{
    private const Callers Everyone = Callers.Anyone;

    // Those who look after customers, and with them the customers themselves.
    private const Callers Care = Callers.Service | Callers.Agent | Callers.Manager;
    private const Callers Own = Callers.Customer | Care;

    // Those who make bouquets and send them out, and with them whoever else has to do with orders.
    private const Callers Floor = Callers.Service | Callers.Florist | Callers.Manager;
    private const Callers Internal = Care | Floor;
    private const Callers Running = Callers.Service | Callers.Admin;

    private const string Health = "grpc.health.v1.Health";

    private const Data Plain = Data.Plain;
    private const Data Personal = Data.Personal;

    // One line may name several methods of a service; a method stands in one line.
    private static readonly Line[] Table =
    [
        new(Health, Everyone, Plain, ["Check", "Watch"]),
        new("grpc.reflection.v1.ServerReflection", Everyone, Plain, ["ServerReflectionInfo"]),
        new("grpc.reflection.v1alpha.ServerReflection", Everyone, Plain, ["ServerReflectionInfo"]),
        new("florist.customers.v1.CustomerService", Own, Personal,
        [
            "CreateCustomer", "GetCustomer", "UpdateCustomer", "DeleteCustomer", "UndeleteCustomer", "CreateRecipient",
            "GetRecipient", "ListRecipients", "UpdateRecipient", "ListPurchases",
        ]),
        new("florist.customers.v1.CustomerService", Own, Plain, ["DeleteRecipient"]),
        new("florist.customers.v1.CustomerService", Care, Personal, ["ListCustomers", "BatchGetCustomers"]),
        new("florist.orders.v1.OrderService", Own, Personal,
        [
            "QuoteOrder", "CreateOrder", "UpdateOrder", "CancelOrder",
        ]),
        new("florist.orders.v1.OrderService", Own | Floor, Personal, ["GetOrder", "ListOrders", "WatchOrder"]),
        new("florist.orders.v1.OrderService", Floor, Personal, ["StartPreparing", "MarkReady"]),
        new("florist.orders.v1.OrderService", Everyone, Personal, ["TrackOrder"]),
        new("florist.orders.v1.OrderService", Own | Floor, Personal, ["GetProofImage"]),
        new("florist.orders.v1.OrderService", Own, Plain,
        [
            "CreateTrackingLink", "ListTrackingLinks", "RevokeTrackingLink",
        ]),
        new("florist.orders.v1.OrderService", Floor, Personal, ["ProposeSubstitution"]),
        new("florist.orders.v1.OrderService", Own, Personal, ["AcceptSubstitution", "DeclineSubstitution"]),
        new("florist.orders.v1.OrderService", Care, Personal, ["RefundOrder"]),
        new("florist.orders.v1.OrderService", Internal, Personal, ["RedeliverOrder", "RemakeOrder"]),
        new("florist.orders.v1.OrderService", Internal, Plain, ["SummarizePromises"]),
        new("florist.receipts.v1.ReceiptService", Own, Personal, ["GetReceipt", "ListReceipts", "RenderReceipt"]),
        new("florist.shopfloor.v1.ShopFloorService", Floor, Personal,
        [
            "ListBenchItems", "GetCardSheet", "MarkCardPrinted",
        ]),
        new("florist.delivery.v1.CourierService", Callers.Courier | Floor, Plain, ["StreamUpdates", "ReportUpdates"]),
        new("florist.delivery.v1.CourierService", Callers.Courier | Floor, Personal, ["ListRejectedUpdates"]),
        new("florist.delivery.v1.CourierService", Callers.Courier | Floor, Plain, ["GetCourier", "CreateProofUpload"]),
        new("florist.delivery.v1.CourierService", Callers.Courier | Floor, Personal,
        [
            "ListAssignments", "WatchAssignments", "AcceptOffer", "DeclineOffer",
        ]),
        new("florist.delivery.v1.CourierService", Floor, Plain, ["ListCouriers", "LiftQuarantine"]),
        new("florist.delivery.v1.CourierService", Callers.Manager | Callers.Service, Plain,
        [
            "CreateCourier", "UpdateCourier", "DisableCourier", "EnableCourier", "CreateCourierKey",
            "RotateCourierKey", "RevokeCourierKey",
        ]),
        new("florist.delivery.v1.DeliveryService", Callers.Courier | Internal, Personal, ["GetDelivery"]),
        new("florist.delivery.v1.DeliveryService", Callers.Courier | Floor, Personal, ["UnassignDelivery"]),
        new("florist.delivery.v1.DeliveryService", Internal, Personal, ["ListDeliveries"]),
        new("florist.delivery.v1.DeliveryService", Floor, Personal,
        [
            "AssignDelivery", "OfferDelivery", "CancelDelivery", "RecallDelivery", "ReattemptDelivery",
        ]),
        new("florist.delivery.v1.DeliveryService", Callers.Manager, Personal, ["ReconcileDelivery"]),
        new("florist.catalogue.v1.CatalogueService", Everyone, Plain, ["GetBouquet", "ListBouquets", "SearchBouquets"]),
        new("florist.stock.v1.StockService", Everyone, Plain, ["CheckAvailability"]),
        new("florist.stock.v1.StockService", Internal, Plain,
        [
            "GetDeliveryDay", "ListDeliveryDays", "ListStockMovements",
        ]),
        new("florist.stock.v1.StockService", Floor, Plain, ["UpdateDeliveryDay", "ReceiveStems", "AdjustStems"]),
        new("florist.stock.v1.StockService", Callers.Manager, Plain, ["OverrideDeliveryDay"]),
        new("florist.vouchers.v1.VoucherService", Own, Plain, ["CheckVoucher"]),
        new("florist.vouchers.v1.VoucherService", Care, Personal, ["GetVoucher", "ListVouchers"]),
        new("florist.vouchers.v1.VoucherService", Callers.Manager | Callers.Service, Personal,
        [
            "CreateVoucher", "DisableVoucher",
        ]),
        new("florist.occasions.v1.OccasionService", Own, Personal,
        [
            "CreateOccasion", "GetOccasion", "ListOccasions", "UpdateOccasion", "MuteOccasion", "UnmuteOccasion",
            "ListUpcomingReminders", "GetReminderSettings", "UpdateReminderSettings",
        ]),
        new("florist.occasions.v1.OccasionService", Own, Plain, ["DeleteOccasion"]),
        new("florist.messaging.v1.MessageService", Own, Personal, ["ListMessages", "GetMessage"]),
        new("florist.messaging.v1.MessageService", Care, Plain, ["PreviewMessage"]),
        new("florist.imports.v1.ImportService", Running, Plain, ["BatchImportPurchases"]),
        new("florist.audit.v1.AuditService", Callers.Auditor, Personal, ["ListAuditEntries"]),
        new("florist.operations.v1.OperationsService", Running, Personal, ["CreateBackup"]),
        new("florist.operations.v1.OperationsService", Running, Plain,
        [
            "ListParkedItems", "RetryParkedItems", "DropParkedItems",
        ]),
        new("florist.operations.v1.OperationsService", Running | Callers.Manager, Plain,
        [
            "GetEngineStatus", "PauseSends", "ResumeSends", "ListSendPauses",
        ]),
        new("florist.operations.v1.OperationsService", Running | Callers.Auditor, Plain, ["ListOperatorActions"]),
        new("florist.sandbox.v1.SandboxService", Internal | Running, Plain, ["GetClock", "AdvanceClock"]),
    ];

    private static readonly (string Prefix, Pace Pace)[] Verbs =
    [
        ("Get", Pace.Read), ("Quote", Pace.Read), ("Explain", Pace.Read), ("List", Pace.List), ("Search", Pace.List),
        ("BatchGet", Pace.List), ("Query", Pace.List), ("Preview", Pace.List), ("Server", Pace.List),
        ("Watch", Pace.Stream), ("Track", Pace.Stream), ("Stream", Pace.Stream), ("CreateBackup", Pace.Stream),
    ];

    private readonly FrozenDictionary<string, MethodPolicy> policies = ByMethod();

    /// <summary>The methods that the table knows, as <c>/package.Service/Method</c>.</summary>
    public IEnumerable<string> Methods => policies.Keys;

    /// <summary>What is decided about a method; null when the table does not know it.</summary>
    public MethodPolicy? Find(string method) => policies.GetValueOrDefault(method);

    /// <summary>True when this caller may call the method.</summary>
    public bool Allows(string method, Caller caller) => Allows(Find(method), caller);

    /// <summary>True when this caller may call a method with this policy.</summary>
    public static bool Allows(MethodPolicy? policy, Caller caller) =>
        policy is not null && (policy.Callers & CallersOf(caller)) != Callers.None;

    /// <summary>Every part that a caller plays.</summary>
    public static Callers CallersOf(Caller caller) => Callers.Anyone | caller.Kind switch
    {
        CallerKind.Customer => Callers.Customer,
        CallerKind.Courier => Callers.Courier,
        CallerKind.Service => Callers.Service,
        CallerKind.Staff => (Callers)((int)caller.Roles * (int)Callers.Agent),
        _ => Callers.None,
    };

    private static FrozenDictionary<string, MethodPolicy> ByMethod() => Table
        .SelectMany(line => line.Methods.Select(method => KeyValuePair.Create(
            $"/{line.Service}/{method}", new MethodPolicy(line.Callers, line.Data, PaceOf(line.Service, method)))))
        .ToFrozenDictionary(StringComparer.Ordinal);

    // The names of methods say it: they follow one convention, and what does not begin as the others do changes things.
    private static Pace PaceOf(string service, string method)
    {
        if (service == Health)
        {
            return Pace.Free;
        }

        return Verbs.FirstOrDefault(verb => method.StartsWith(verb.Prefix, StringComparison.Ordinal)).Pace is var pace
            && pace != Pace.Free
            ? pace
            : Pace.Write;
    }

    private sealed record Line(string Service, Callers Callers, Data Data, string[] Methods);
}

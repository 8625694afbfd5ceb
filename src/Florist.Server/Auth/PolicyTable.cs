using System.Collections.Frozen;
using Florist.Kernel;

namespace Florist.Server.Auth;

/// <summary>
/// Which kinds of principals may call which method. What is not in the table may be called by nobody. Whose resources a
/// permitted caller reaches is decided by the services, call by call.
/// </summary>
internal sealed class PolicyTable
{
    private const Callers Internal = Callers.Staff | Callers.Service;
    private const Callers Own = Callers.Customer | Internal;
    private const Callers Everyone = Callers.Anonymous | Callers.Courier | Own;

    private readonly FrozenDictionary<string, Callers> allowed = Rows().ToFrozenDictionary(
        row => "/" + row.Method, row => row.Callers, StringComparer.Ordinal);

    /// <summary>Kinds of principals, as a set.</summary>
    [Flags]
    public enum Callers
    {
        None = 0,
        Anonymous = 1,
        Customer = 2,
        Courier = 4,
        Staff = 8,
        Service = 16,
    }

    /// <summary>The methods that the table knows, as <c>/package.Service/Method</c>.</summary>
    public IEnumerable<string> Methods => allowed.Keys;

    /// <summary>True when a caller of this kind may call the method.</summary>
    public bool Allows(string method, CallerKind kind) =>
        allowed.TryGetValue(method, out Callers callers) && (callers & (Callers)(1 << (int)kind)) != Callers.None;

    private static IEnumerable<(string Method, Callers Callers)> Rows()
    {
        (string Service, Callers Callers, string[] Methods)[] table =
        [
            ("grpc.health.v1.Health", Everyone, ["Check", "Watch"]),
            ("grpc.reflection.v1.ServerReflection", Everyone, ["ServerReflectionInfo"]),
            ("grpc.reflection.v1alpha.ServerReflection", Everyone, ["ServerReflectionInfo"]),
            ("florist.customers.v1.CustomerService", Own,
            [
                "CreateCustomer", "GetCustomer", "UpdateCustomer", "DeleteCustomer", "UndeleteCustomer",
                "CreateRecipient", "GetRecipient", "ListRecipients", "UpdateRecipient", "DeleteRecipient",
                "ListPurchases",
            ]),
            ("florist.customers.v1.CustomerService", Internal, ["ListCustomers", "BatchGetCustomers"]),
            ("florist.orders.v1.OrderService", Own,
            [
                "QuoteOrder", "CreateOrder", "GetOrder", "ListOrders", "CancelOrder", "WatchOrder",
            ]),
            ("florist.orders.v1.OrderService", Internal, ["StartPreparing", "MarkReady"]),
            ("florist.delivery.v1.CourierService", Callers.Courier | Internal,
            [
                "StreamUpdates", "ReportUpdates", "ListRejectedUpdates",
            ]),
            ("florist.delivery.v1.DeliveryService", Callers.Courier | Internal, ["GetDelivery", "UnassignDelivery"]),
            ("florist.delivery.v1.DeliveryService", Internal,
            [
                "ListDeliveries", "AssignDelivery", "CancelDelivery", "RecallDelivery", "ReattemptDelivery",
                "ReconcileDelivery",
            ]),
            ("florist.catalogue.v1.CatalogueService", Everyone, ["GetBouquet", "ListBouquets"]),
            ("florist.occasions.v1.OccasionService", Own,
            [
                "CreateOccasion", "GetOccasion", "ListOccasions", "UpdateOccasion", "DeleteOccasion", "MuteOccasion",
                "UnmuteOccasion", "ListUpcomingReminders", "GetReminderSettings", "UpdateReminderSettings",
            ]),
            ("florist.messaging.v1.MessageService", Own, ["ListMessages", "GetMessage"]),
            ("florist.messaging.v1.MessageService", Internal, ["PreviewMessage"]),
            ("florist.imports.v1.ImportService", Internal, ["BatchImportPurchases"]),
            ("florist.operations.v1.OperationsService", Internal, ["CreateBackup"]),
            ("florist.sandbox.v1.SandboxService", Internal, ["GetClock", "AdvanceClock"]),
        ];
        return
            from row in table
            from method in row.Methods
            select ($"{row.Service}/{method}", row.Callers);
    }
}

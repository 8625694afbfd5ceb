using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;

namespace Florist.Server.Tests.Auth;

/// <summary>
/// Which role of the staff may call what, and the shop's own systems, asked of the running server for every RPC of the
/// contract.
/// </summary>
public sealed class RolesTests
{
    private static readonly (string Name, string? Principal)[] Principals =
    [
        ("agent", "staff:sam:agent"), ("florist", "staff:sam:florist"), ("manager", "staff:sam:manager"),
        ("auditor", "staff:sam:auditor"), ("admin", "staff:sam:admin"), ("service", "service:web"),
    ];

    private const string Expected = """
        AuditService
          ListAuditEntries                              auditor
        CatalogueService
          GetBouquet              agent florist manager auditor admin service
          ListBouquets            agent florist manager auditor admin service
          SearchBouquets          agent florist manager auditor admin service
        CustomerService
          CreateCustomer          agent         manager               service
          GetCustomer             agent         manager               service
          UpdateCustomer          agent         manager               service
          DeleteCustomer          agent         manager               service
          UndeleteCustomer        agent         manager               service
          ListCustomers           agent         manager               service
          BatchGetCustomers       agent         manager               service
          CreateRecipient         agent         manager               service
          GetRecipient            agent         manager               service
          UpdateRecipient         agent         manager               service
          DeleteRecipient         agent         manager               service
          ListRecipients          agent         manager               service
          ListPurchases           agent         manager               service
        CourierService
          StreamUpdates                 florist manager               service
          ReportUpdates                 florist manager               service
          ListRejectedUpdates           florist manager               service
          ListAssignments               florist manager               service
          WatchAssignments              florist manager               service
          AcceptOffer                   florist manager               service
          DeclineOffer                  florist manager               service
          CreateProofUpload             florist manager               service
          CreateCourier                         manager               service
          GetCourier                    florist manager               service
          ListCouriers                  florist manager               service
          UpdateCourier                         manager               service
          DisableCourier                        manager               service
          EnableCourier                         manager               service
          CreateCourierKey                      manager               service
          RotateCourierKey                      manager               service
          RevokeCourierKey                      manager               service
          LiftQuarantine                florist manager               service
        DeliveryService
          GetDelivery             agent florist manager               service
          ListDeliveries          agent florist manager               service
          AssignDelivery                florist manager               service
          OfferDelivery                 florist manager               service
          UnassignDelivery              florist manager               service
          CancelDelivery                florist manager               service
          RecallDelivery                florist manager               service
          ReattemptDelivery             florist manager               service
          ReconcileDelivery                     manager
        ImportService
          BatchImportPurchases                                  admin service
        MessageService
          ListMessages            agent         manager               service
          GetMessage              agent         manager               service
          PreviewMessage          agent         manager               service
        OccasionService
          CreateOccasion          agent         manager               service
          GetOccasion             agent         manager               service
          ListOccasions           agent         manager               service
          UpdateOccasion          agent         manager               service
          DeleteOccasion          agent         manager               service
          MuteOccasion            agent         manager               service
          UnmuteOccasion          agent         manager               service
          ListUpcomingReminders   agent         manager               service
          GetReminderSettings     agent         manager               service
          UpdateReminderSettings  agent         manager               service
        OperationsService
          CreateBackup                                          admin service
          GetEngineStatus                       manager         admin service
          ListParkedItems                                       admin service
          RetryParkedItems                                      admin service
          DropParkedItems                                       admin service
          PauseSends                            manager         admin service
          ResumeSends                           manager         admin service
          ListSendPauses                        manager         admin service
          ListOperatorActions                           auditor admin service
        OrderService
          QuoteOrder              agent         manager               service
          CreateOrder             agent         manager               service
          GetOrder                agent florist manager               service
          ListOrders              agent florist manager               service
          CancelOrder             agent         manager               service
          StartPreparing                florist manager               service
          MarkReady                     florist manager               service
          UpdateOrder             agent         manager               service
          ProposeSubstitution           florist manager               service
          AcceptSubstitution      agent         manager               service
          DeclineSubstitution     agent         manager               service
          RefundOrder             agent         manager               service
          RedeliverOrder          agent florist manager               service
          RemakeOrder             agent florist manager               service
          SummarizePromises       agent florist manager               service
          WatchOrder              agent florist manager               service
          TrackOrder              agent florist manager auditor admin service
          GetProofImage           agent florist manager               service
          CreateTrackingLink      agent         manager               service
          ListTrackingLinks       agent         manager               service
          RevokeTrackingLink      agent         manager               service
        ReceiptService
          GetReceipt              agent         manager               service
          ListReceipts            agent         manager               service
          RenderReceipt           agent         manager               service
        SandboxService
          GetClock                agent florist manager         admin service
          AdvanceClock            agent florist manager         admin service
        ShopFloorService
          ListBenchItems                florist manager               service
          GetCardSheet                  florist manager               service
          MarkCardPrinted               florist manager               service
        StockService
          GetDeliveryDay          agent florist manager               service
          ListDeliveryDays        agent florist manager               service
          UpdateDeliveryDay             florist manager               service
          ReceiveStems                  florist manager               service
          AdjustStems                   florist manager               service
          OverrideDeliveryDay                   manager
          ListStockMovements      agent florist manager               service
          CheckAvailability       agent florist manager auditor admin service
        VoucherService
          CreateVoucher                         manager               service
          GetVoucher              agent         manager               service
          ListVouchers            agent         manager               service
          DisableVoucher                        manager               service
          CheckVoucher            agent         manager               service
        """;

    [Fact]
    public async Task Each_rpc_is_open_to_the_roles_that_need_it_and_to_no_others()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        SampleRequests samples = await SampleRequests.OfAnna(server.Address);

        string actual = await Doors.Try(server.Address, samples, Principals);

        Assert.True(actual == Expected.ReplaceLineEndings("\n"), $"other than expected, the server admits\n{actual}");
    }
}

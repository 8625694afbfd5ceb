using Florist.Kernel;
using Florist.Server.Auth;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;

namespace Florist.Server.Tests.Auth;

/// <summary>
/// Who may call what, asked of the running server for every RPC of the contract, with what is Anna's in each request.
/// </summary>
public sealed class AccessTests
{
    private static readonly (string Name, string? Principal)[] Principals =
    [
        ("anna", "customer:anna"), ("other", "customer:ben"), ("courier", "courier:velo"), ("rival", "courier:moto"),
        ("staff", "staff:sam"), ("nobody", null),
    ];

    // Anna herself, another customer, the courier that has her delivery, another courier, staff, and who has no token.
    private const string Expected = """
        AuditService
          ListAuditEntries                                 staff
        CatalogueService
          GetBouquet              anna other courier rival staff nobody
          ListBouquets            anna other courier rival staff nobody
          SearchBouquets          anna other courier rival staff nobody
        CustomerService
          CreateCustomer          anna                     staff
          GetCustomer             anna                     staff
          UpdateCustomer          anna                     staff
          DeleteCustomer          anna                     staff
          UndeleteCustomer        anna                     staff
          ListCustomers                                    staff
          BatchGetCustomers                                staff
          CreateRecipient         anna                     staff
          GetRecipient            anna                     staff
          UpdateRecipient         anna                     staff
          DeleteRecipient         anna                     staff
          ListRecipients          anna                     staff
          ListPurchases           anna                     staff
        CourierService
          StreamUpdates                      courier       staff
          ReportUpdates                      courier       staff
          ListRejectedUpdates                courier       staff
          ListAssignments                    courier       staff
          WatchAssignments                   courier       staff
          AcceptOffer                        courier       staff
          DeclineOffer                       courier       staff
          CreateProofUpload                  courier       staff
          CreateCourier                                    staff
          GetCourier                         courier       staff
          ListCouriers                                     staff
          UpdateCourier                                    staff
          DisableCourier                                   staff
          EnableCourier                                    staff
          CreateCourierKey                                 staff
          RotateCourierKey                                 staff
          RevokeCourierKey                                 staff
          LiftQuarantine                                   staff
        DeliveryService
          GetDelivery                        courier       staff
          ListDeliveries                                   staff
          AssignDelivery                                   staff
          OfferDelivery                                    staff
          UnassignDelivery                   courier       staff
          CancelDelivery                                   staff
          RecallDelivery                                   staff
          ReattemptDelivery                                staff
          ReconcileDelivery                                staff
        ImportService
          BatchImportPurchases                             staff
        MessageService
          ListMessages            anna                     staff
          GetMessage              anna                     staff
          PreviewMessage                                   staff
        OccasionService
          CreateOccasion          anna                     staff
          GetOccasion             anna                     staff
          ListOccasions           anna                     staff
          UpdateOccasion          anna                     staff
          DeleteOccasion          anna                     staff
          MuteOccasion            anna                     staff
          UnmuteOccasion          anna                     staff
          ListUpcomingReminders   anna                     staff
          GetReminderSettings     anna                     staff
          UpdateReminderSettings  anna                     staff
        OperationsService
          CreateBackup                                     staff
          GetEngineStatus                                  staff
          ListParkedItems                                  staff
          RetryParkedItems                                 staff
          DropParkedItems                                  staff
          PauseSends                                       staff
          ResumeSends                                      staff
          ListSendPauses                                   staff
          ListOperatorActions                              staff
        OrderService
          QuoteOrder              anna                     staff
          CreateOrder             anna                     staff
          GetOrder                anna                     staff
          ListOrders              anna other               staff
          CancelOrder             anna                     staff
          StartPreparing                                   staff
          MarkReady                                        staff
          UpdateOrder             anna                     staff
          ProposeSubstitution                              staff
          AcceptSubstitution      anna                     staff
          DeclineSubstitution     anna                     staff
          RefundOrder                                      staff
          RedeliverOrder                                   staff
          RemakeOrder                                      staff
          SummarizePromises                                staff
          WatchOrder              anna                     staff
          TrackOrder              anna other courier rival staff nobody
          GetProofImage           anna                     staff
          CreateTrackingLink      anna                     staff
          ListTrackingLinks       anna                     staff
          RevokeTrackingLink      anna                     staff
        ReceiptService
          GetReceipt                                       staff
          ListReceipts            anna other               staff
          RenderReceipt                                    staff
        SandboxService
          GetClock                                         staff
          AdvanceClock                                     staff
        ShopFloorService
          ListBenchItems                                   staff
          GetCardSheet                                     staff
          MarkCardPrinted                                  staff
        StockService
          GetDeliveryDay                                   staff
          ListDeliveryDays                                 staff
          UpdateDeliveryDay                                staff
          ReceiveStems                                     staff
          AdjustStems                                      staff
          OverrideDeliveryDay                              staff
          ListStockMovements                               staff
          CheckAvailability       anna other courier rival staff nobody
        VoucherService
          CreateVoucher                                    staff
          GetVoucher                                       staff
          ListVouchers                                     staff
          DisableVoucher                                   staff
          CheckVoucher            anna                     staff
        """;

    private static IEnumerable<string> Methods =>
        from service in Doors.Services
        from method in service.Methods
        select $"/{service.FullName}/{method.Name}";

    [Fact]
    public void Every_rpc_of_the_contract_is_in_the_table_and_nothing_else_of_it() => Assert.Equal(
        Methods.Order(),
        new PolicyTable().Methods.Where(method => method.StartsWith("/florist.", StringComparison.Ordinal)).Order());

    [Fact]
    public void What_is_not_in_the_table_may_be_called_by_nobody() => Assert.All(
        Enum.GetValues<CallerKind>(),
        kind => Assert.All(
            (string[])["", "/florist.orders.v1.OrderService/getorder", "/florist.orders.v2.OrderService/GetOrder"],
            method => Assert.False(new PolicyTable().Allows(method, new Caller(kind, "x", StaffRoles.All)))));

    [Fact]
    public async Task Each_rpc_is_open_to_those_whom_it_concerns_and_to_no_others()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        SampleRequests samples = await SampleRequests.OfAnna(server.Address);
        string actual = await Doors.Try(server.Address, samples, Principals);
        Assert.True(actual == Expected.ReplaceLineEndings("\n"), $"other than expected, the server admits\n{actual}");
    }
}

using System.Reflection;
using System.Text;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Protos.Orders.V1;
using Florist.Server.Auth;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Florist.Tests.Testing;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;

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
        CatalogueService
          GetBouquet              anna other courier rival staff nobody
          ListBouquets            anna other courier rival staff nobody
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
        DeliveryService
          GetDelivery                        courier       staff
          ListDeliveries                                   staff
          AssignDelivery                                   staff
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
        OrderService
          QuoteOrder              anna                     staff
          CreateOrder             anna                     staff
          GetOrder                anna                     staff
          ListOrders              anna other               staff
          CancelOrder             anna                     staff
          StartPreparing                                   staff
          MarkReady                                        staff
          WatchOrder              anna                     staff
        SandboxService
          GetClock                                         staff
          AdvanceClock                                     staff
        """;

    private static IEnumerable<ServiceDescriptor> Services =>
        from type in typeof(Order).Assembly.GetTypes()
        let descriptor = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
        where descriptor?.PropertyType == typeof(FileDescriptor)
        let file = (FileDescriptor?)descriptor.GetValue(null)
        where file.Package.StartsWith("florist.", StringComparison.Ordinal)
        from service in file.Services
        orderby service.FullName
        select service;

    private static IEnumerable<string> Methods =>
        from service in Services
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
            method => Assert.False(new PolicyTable().Allows(method, kind))));

    [Fact]
    public async Task Each_rpc_is_open_to_those_whom_it_concerns_and_to_no_others()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        CallInvoker invoker = channel.CreateCallInvoker();
        SampleRequests samples = await SampleRequests.OfAnna(server.Address);
        StringBuilder matrix = new();
        foreach (ServiceDescriptor service in Services)
        {
            matrix.Append(service.Name).Append('\n');
            foreach (MethodDescriptor method in service.Methods)
            {
                byte[] request = samples.For(method).ToByteArray();
                List<string> admitted = [];
                foreach ((string name, string? principal) in Principals)
                {
                    bool open = await IsOpen(invoker, service.FullName, method.Name, request, principal);
                    admitted.Add(open ? name : new string(' ', name.Length));
                }

                matrix.Append($"  {method.Name,-24}{string.Join(' ', admitted)}".TrimEnd()).Append('\n');
            }
        }

        string actual = matrix.ToString().TrimEnd();
        Assert.True(actual == Expected.ReplaceLineEndings("\n"), $"other than expected, the server admits\n{actual}");
    }

    // On the wire every kind of call begins with one request; what comes back first tells whether it was let in.
    private static async Task<bool> IsOpen(
        CallInvoker invoker, string service, string method, byte[] request, string? principal)
    {
        Method<byte[], byte[]> called = new(MethodType.DuplexStreaming, service, method, Bytes, Bytes);
        Metadata headers = principal is null ? [] : TourClients.As(principal);
        CallOptions options = new(headers, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
        using AsyncDuplexStreamingCall<byte[], byte[]> call = invoker.AsyncDuplexStreamingCall(called, null, options);
        try
        {
            await call.RequestStream.WriteAsync(request);
            await call.RequestStream.CompleteAsync();
            await call.ResponseStream.MoveNext(CancellationToken.None);
            return true;
        }
        catch (RpcException refused)
        {
            StatusCode expected = principal is null ? StatusCode.Unauthenticated : StatusCode.PermissionDenied;
            Assert.True(
                refused.StatusCode == expected || refused.StatusCode is StatusCode.InvalidArgument
                    or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.AlreadyExists,
                $"{method} answers {principal ?? "nobody"} {refused.Status}");
            return refused.StatusCode != expected;
        }
    }

    private static Marshaller<byte[]> Bytes { get; } = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
}

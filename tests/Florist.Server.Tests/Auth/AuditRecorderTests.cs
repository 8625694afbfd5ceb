using System.Globalization;
using Florist.Kernel;
using Florist.Protos.Audit.V1;
using Florist.Protos.Customers.V1;
using Florist.Server.Auth;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using AuditClient = Florist.Protos.Audit.V1.AuditService.AuditServiceClient;
using CustomerClient = Florist.Protos.Customers.V1.CustomerService.CustomerServiceClient;

namespace Florist.Server.Tests.Auth;

public sealed class AuditRecorderTests : IAsyncLifetime
{
    private LocalServer? server;
    private GrpcChannel? channel;
    private SampleRequests? samples;
    private int last;

    private LocalServer Server => server ?? throw new InvalidOperationException();

    private CallInvoker Invoker => (channel ?? throw new InvalidOperationException()).CreateCallInvoker();

    private SampleRequests Samples => samples ?? throw new InvalidOperationException();

    public async ValueTask InitializeAsync()
    {
        server = await LocalServer.Start();
        channel = GrpcChannel.ForAddress(server.Address);
        samples = await SampleRequests.OfAnna(server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        channel?.Dispose();
        await Server.DisposeAsync();
    }

    [Fact]
    public async Task Each_rpc_with_personal_data_leaves_exactly_one_entry_of_staff_and_no_other_rpc_leaves_any()
    {
        PolicyTable policies = Server.Services.GetRequiredService<PolicyTable>();
        List<string> wrong = [];
        foreach (MethodDescriptor method in Doors.Services.SelectMany(service => service.Methods))
        {
            string request = NextRequest();
            StatusCode status = await Doors.Knock(
                Invoker, method, Samples.For(method).ToByteArray(), As("staff:sam", request));
            IReadOnlyList<AuditEntry> entries = await Entries($"request_id = \"{request}\"");
            Data data = policies.Find($"/{method.Service.FullName}/{method.Name}")?.Data ?? Data.Plain;
            int expected = data == Data.Personal ? 1 : 0;
            if (entries.Count != expected
                || entries.Any(entry => entry.Method != $"{method.Service.FullName}/{method.Name}"
                    || !entry.Status.Replace("_", "", StringComparison.Ordinal)
                        .Equals(status.ToString(), StringComparison.OrdinalIgnoreCase)))
            {
                wrong.Add($"{method.FullName} ({status}) leaves {string.Join(", ", entries)}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public async Task An_entry_says_who_looked_at_what_when_why_and_how_it_ended()
    {
        Metadata headers = As("staff:sam:agent", "ticket-7");
        headers.Add("x-florist-reason", "Anna asks about her order");
        DateTimeOffset before = TimeProvider.System.GetUtcNow().AddSeconds(-1);

        await new CustomerClient(Invoker).GetCustomerAsync(new GetCustomerRequest { Name = "customers/anna" }, headers);

        AuditEntry entry = Assert.Single(await Entries("request_id = \"ticket-7\""));
        Assert.Equal("staff:sam", entry.Principal);
        Assert.Equal(["agent"], entry.Roles);
        Assert.Equal("florist.customers.v1.CustomerService/GetCustomer", entry.Method);
        Assert.Equal(["customers/anna"], entry.Resources);
        Assert.Equal("OK", entry.Status);
        Assert.Equal("Anna asks about her order", entry.Reason);
        Assert.Equal("", entry.OnBehalfOf);
        Assert.Equal("127.0.0.1", entry.Address);
        Assert.InRange(entry.CreateTime.ToDateTimeOffset(), before, TimeProvider.System.GetUtcNow());
        Assert.Equal(["customers/anna"], Assert.Single(
            await Entries("resources:\"customers/anna\" AND request_id = \"ticket-7\"")).Resources);
        Assert.Empty(await Entries("resources:\"customers/ann\""));
    }

    [Fact]
    public async Task A_list_of_a_thousand_leaves_one_entry_with_its_parent_and_filter()
    {
        string one = NextRequest();
        await new CustomerClient(Invoker).ListCustomersAsync(
            new ListCustomersRequest { PageSize = 1000, Filter = "region_code = GB" }, As("staff:sam", one));
        string other = NextRequest();
        await new CustomerClient(Invoker).ListRecipientsAsync(
            new ListRecipientsRequest { Parent = "customers/anna", PageSize = 1000 }, As("staff:sam", other));

        AuditEntry customers = Assert.Single(await Entries($"request_id = \"{one}\""));
        Assert.Equal("region_code = GB", customers.Filter);
        Assert.Empty(customers.Resources);
        Assert.Equal(["customers/anna"], Assert.Single(await Entries($"request_id = \"{other}\"")).Resources);
    }

    [Fact]
    public async Task Refused_reads_leave_an_entry_that_says_so()
    {
        string denied = NextRequest();
        await Assert.ThrowsAsync<RpcException>(() => new CustomerClient(Invoker).GetCustomerAsync(
            new GetCustomerRequest { Name = "customers/anna" }, As("staff:sam:florist", denied)).ResponseAsync);
        string missing = NextRequest();
        await Assert.ThrowsAsync<RpcException>(() => new CustomerClient(Invoker).GetCustomerAsync(
            new GetCustomerRequest { Name = "customers/nobody" }, As("staff:sam:agent", missing)).ResponseAsync);

        AuditEntry first = Assert.Single(await Entries($"request_id = \"{denied}\""));
        Assert.Equal(("PERMISSION_DENIED", "customers/anna"), (first.Status, Assert.Single(first.Resources)));
        AuditEntry second = Assert.Single(await Entries($"request_id = \"{missing}\""));
        Assert.Equal(("NOT_FOUND", "customers/nobody"), (second.Status, Assert.Single(second.Resources)));
    }

    [Fact]
    public async Task A_system_that_asks_for_staff_leaves_an_entry_and_one_that_asks_for_itself_leaves_none()
    {
        GetCustomerRequest anna = new() { Name = "customers/anna" };
        string forStaff = NextRequest();
        Metadata headers = As("service:desk", forStaff);
        headers.Add("x-florist-on-behalf-of", "staff:kim");
        await new CustomerClient(Invoker).GetCustomerAsync(anna, headers);
        string forItself = NextRequest();
        await new CustomerClient(Invoker).GetCustomerAsync(anna, As("service:desk", forItself));
        string ofHerself = NextRequest();
        await new CustomerClient(Invoker).GetCustomerAsync(anna, As("customer:anna", ofHerself));

        AuditEntry entry = Assert.Single(await Entries($"request_id = \"{forStaff}\""));
        Assert.Equal(("service:desk", "staff:kim"), (entry.Principal, entry.OnBehalfOf));
        Assert.Empty(await Entries($"request_id = \"{forItself}\""));
        Assert.Empty(await Entries($"request_id = \"{ofHerself}\""));
    }

    [Theory]
    [InlineData("kim")]
    [InlineData("customer:anna")]
    [InlineData("staff")]
    [InlineData("staff:")]
    public async Task A_system_has_to_say_well_for_whom_it_asks(string onBehalfOf)
    {
        Metadata headers = As("service:desk", NextRequest());
        headers.Add("x-florist-on-behalf-of", onBehalfOf);

        RpcException refused = await Assert.ThrowsAsync<RpcException>(() => new CustomerClient(Invoker).GetCustomerAsync(
            new GetCustomerRequest { Name = "customers/anna" }, headers).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
    }

    [Fact]
    public async Task What_a_caller_says_is_kept_without_control_characters_and_not_at_any_length()
    {
        string request = new('r', 300);
        Metadata headers = As("staff:sam", request);
        headers.Add("x-florist-reason", new string('w', 5_000));
        await new CustomerClient(Invoker).GetCustomerAsync(new GetCustomerRequest { Name = "customers/anna" }, headers);

        AuditEntry entry = Assert.Single(await Entries($"request_id = \"{request[..128]}\""));
        Assert.Equal(500, entry.Reason.Length);
        Assert.Equal("a b c", AuditSubjects.Clean("a\nb\0c", 10));
    }

    [Fact]
    public async Task Auditors_page_through_the_entries_the_newest_first()
    {
        for (int i = 0; i < 5; i++)
        {
            await new CustomerClient(Invoker).GetCustomerAsync(
                new GetCustomerRequest { Name = "customers/anna" }, As("staff:pager", NextRequest()));
        }

        List<AuditEntry> read = [];
        ListAuditEntriesRequest ask = new() { PageSize = 2, Filter = "principal = \"staff:pager\"" };
        do
        {
            ListAuditEntriesResponse page = await new AuditClient(Invoker).ListAuditEntriesAsync(ask, As("staff:aud", ""));
            Assert.InRange(page.AuditEntries.Count, 1, 2);
            read.AddRange(page.AuditEntries);
            ask.PageToken = page.NextPageToken;
        }
        while (ask.PageToken.Length > 0);

        Assert.Equal(5, read.Select(entry => entry.Name).Distinct().Count());
        Assert.Equal(read.OrderByDescending(entry => entry.CreateTime), read);
    }

    private string NextRequest() => $"call-{(++last).ToString(CultureInfo.InvariantCulture)}";

    private async Task<IReadOnlyList<AuditEntry>> Entries(string filter) =>
        (await new AuditClient(Invoker).ListAuditEntriesAsync(
            new ListAuditEntriesRequest { Filter = filter }, As("staff:auditor-in-chief:auditor", "audit")))
            .AuditEntries;

    private static Metadata As(string principal, string requestId)
    {
        Metadata headers = TourClients.As(principal);
        headers.Add("x-request-id", requestId);
        return headers;
    }
}

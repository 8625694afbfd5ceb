using Florist.Adapters.Sql;
using Florist.Audit;
using Florist.Kernel;
using Florist.Protos.Audit.V1;
using Florist.Tests.Adapters.Sql;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Audit.V1.AuditService.AuditServiceClient;
using Entry = Florist.Audit.AuditEntry;

namespace Florist.Tests.Audit;

public sealed class AuditServiceTests : IAsyncLifetime
{
    private readonly OpenDatabase database = new(options => options.SyncEveryCommit = false);
    private TestShop? shop;
    private TestEdge? edge;

    private Client Auditor => new((edge ?? throw new InvalidOperationException()).As(CallerKind.Staff, "kim"));

    public async ValueTask InitializeAsync()
    {
        AuditSql trail = new(database.Sql, new SqlQueries(database.Sql));
        shop = await TestShop.Start();
        edge = await TestEdge.Start(shop, routes => routes.MapAudit(), services => services.AddSingleton<IAuditTrail>(trail));
        foreach (int i in Enumerable.Range(0, 7))
        {
            await trail.Append(AuditSqlTests.Entry(i) with { Principal = i % 2 == 0 ? "staff:kim" : "staff:lou" });
        }
    }

    public async ValueTask DisposeAsync()
    {
        await (edge?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (shop?.DisposeAsync() ?? ValueTask.CompletedTask);
        database.Dispose();
    }

    [Fact]
    public async Task Entries_come_the_newest_first_and_whole()
    {
        ListAuditEntriesResponse listed = await Auditor.ListAuditEntriesAsync(new ListAuditEntriesRequest());

        Assert.Equal(
            [6, 5, 4, 3, 2, 1, 0],
            listed.AuditEntries.Select(entry => int.Parse(entry.RequestId, null)));
        Entry made = AuditSqlTests.Entry(6);
        Florist.Protos.Audit.V1.AuditEntry first = listed.AuditEntries[0];
        Assert.Equal($"auditEntries/{made.Id}", first.Name);
        Assert.Equal(made.MadeAt, first.CreateTime.ToDateTimeOffset());
        Assert.Equal(
            ("staff:kim", made.Method, made.Status, made.Reason, made.Address, made.OnBehalfOf ?? ""),
            (first.Principal, first.Method, first.Status, first.Reason, first.Address, first.OnBehalfOf));
        Assert.Equal(made.Roles, first.Roles);
        Assert.Equal(made.Resources, first.Resources);
    }

    [Fact]
    public async Task Pages_of_a_filtered_listing_follow_each_other()
    {
        List<string> requests = [];
        ListAuditEntriesRequest ask = new() { PageSize = 3, Filter = "principal = \"staff:kim\"" };
        do
        {
            ListAuditEntriesResponse page = await Auditor.ListAuditEntriesAsync(ask);
            requests.AddRange(page.AuditEntries.Select(entry => entry.RequestId));
            ask.PageToken = page.NextPageToken;
        }
        while (ask.PageToken.Length > 0);

        Assert.Equal(["6", "4", "2", "0"], requests);
    }

    [Theory]
    [InlineData("nonsense = 1")]
    [InlineData("create_time = yesterday")]
    public async Task A_filter_of_other_fields_or_values_is_refused(string filter) => Assert.Equal(
        StatusCode.InvalidArgument,
        (await Assert.ThrowsAsync<RpcException>(() => Auditor.ListAuditEntriesAsync(
            new ListAuditEntriesRequest { Filter = filter }).ResponseAsync)).StatusCode);

    [Theory]
    [InlineData(CallerKind.Customer)]
    [InlineData(CallerKind.Courier)]
    [InlineData(CallerKind.Service)]
    [InlineData(CallerKind.Anonymous)]
    public async Task It_is_for_staff(CallerKind kind)
    {
        Client other = new((edge ?? throw new InvalidOperationException()).As(kind, "x"));

        Assert.Equal(
            StatusCode.PermissionDenied,
            (await Assert.ThrowsAsync<RpcException>(() => other.ListAuditEntriesAsync(
                new ListAuditEntriesRequest()).ResponseAsync)).StatusCode);
    }
}

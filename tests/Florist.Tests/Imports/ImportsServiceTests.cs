using Florist.Customers;
using Florist.Imports;
using Florist.Kernel;
using Florist.Protos.Imports.V1;
using Florist.Tests.Testing;
using Google.Rpc;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Imports.V1.ImportService.ImportServiceClient;
using ImportedPurchase = Florist.Protos.Imports.V1.ImportedPurchase;
using Outcome = Florist.Protos.Imports.V1.ImportResult.Types.Outcome;

namespace Florist.Tests.Imports;

public sealed class ImportsServiceTests : IAsyncLifetime
{
    private TestShop shop = null!;
    private TestEdge edge = null!;

    private Client Staff => new(edge.As(CallerKind.Staff, "kim"));

    public async ValueTask InitializeAsync()
    {
        shop = await TestShop.Start(services => services.AddCustomers().AddImports());
        edge = await TestEdge.Start(
            shop,
            routes => routes.MapImports(),
            services => services.AddSingleton(shop.Get<GrainImportTarget>()));
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task A_batch_is_answered_customer_by_customer()
    {
        BatchImportPurchasesRequest first = Batch(Of("anna", Bought(1)), Of("bob", Bought(1)));
        Assert.Equal([Outcome.Created, Outcome.Created], await Outcomes(first));
        Assert.Equal([Outcome.Unchanged, Outcome.Unchanged], await Outcomes(first));

        BatchImportPurchasesResponse mixed = await Staff.BatchImportPurchasesAsync(Batch(
            Of("anna", Bought(1), Bought(2), Bought(3)),
            Of("bob", new ImportedPurchase { Ordinal = 0, Units = 0 }),
            Of("carl", Bought(1)),
            Of("anna-2")));
        Assert.Equal(
            [Outcome.Updated, Outcome.Failed, Outcome.Created, Outcome.Failed],
            mixed.Results.Select(result => result.Outcome));
        Assert.Equal((2, 0), (mixed.Results[0].AddedCount, mixed.Results[1].AddedCount));
        Assert.Equal((int)Code.InvalidArgument, mixed.Results[1].Status.Code);
        BadRequest bad = mixed.Results[1].Status.Details
            .Single(detail => detail.Is(BadRequest.Descriptor)).Unpack<BadRequest>();
        Assert.Equal(
            ["purchases[0].amount", "purchases[0].ordinal", "purchases[0].purchase_date", "purchases[0].units"],
            bad.FieldViolations.Select(violation => violation.Field).Order(StringComparer.Ordinal));
        Assert.Null(mixed.Results[0].Status);
        Assert.Equal(1, (await shop.Grain<ICustomerGrain>("bob").Get()).Value?.Traits.OrderCount);
    }

    [Theory]
    [InlineData("", "US", "source")]
    [InlineData("orders", "US", "source")]
    [InlineData("Cdnow", "US", "source")]
    [InlineData("cd-now", "US", "source")]
    [InlineData("cdnow", "ZZ", "region_code")]
    [InlineData("cdnow", "", "region_code")]
    public async Task A_batch_says_where_it_comes_from(string source, string region, string field)
    {
        BatchImportPurchasesRequest request = Batch(Of("anna", Bought(1)));
        (request.Source, request.RegionCode) = (source, region);
        Assert.Equal([field], await Violations(request));
        Assert.Equal(FaultKind.NotFound, (await shop.Grain<ICustomerGrain>("anna").Get()).Fault?.Kind);
    }

    [Fact]
    public async Task A_batch_names_each_customer_once_and_not_too_many()
    {
        Assert.Equal(["customers"], await Violations(Batch()));
        Assert.Equal(["customers"], await Violations(Batch(Of("anna", Bought(1)), Of("anna", Bought(2)))));
        Assert.Equal(["customers[1].customer"], await Violations(Batch(Of("anna", Bought(1)), Of("Bob", Bought(1)))));
        ImportedCustomer[] many =
            [.. Enumerable.Range(0, ImportBatch.CustomersMax + 1).Select(i => Of($"c-{i}", Bought(1)))];
        Assert.Equal(["customers"], await Violations(Batch(many)));
        Assert.Equal(ImportBatch.CustomersMax, (await Outcomes(Batch(many[1..]))).Length);
    }

    [Fact]
    public async Task The_future_and_amounts_below_nothing_are_refused()
    {
        DateOnly today = DateOnly.FromDateTime(shop.Time.GetUtcNow().UtcDateTime);
        ImportedPurchase tomorrow = Bought(1);
        tomorrow.PurchaseDate = today.AddDays(1).ToProto();
        ImportedPurchase later = Bought(1);
        later.PurchaseDate = today.AddDays(2).ToProto();
        ImportedPurchase given = Bought(1);
        given.Amount = new Money(-1, "USD").ToProto();
        Assert.Equal(
            [Outcome.Created, Outcome.Failed, Outcome.Failed, Outcome.Failed],
            await Outcomes(Batch(
                Of("a", tomorrow), Of("b", later), Of("c", given), Of("d", Bought(1), Bought(1)))));
    }

    [Theory]
    [InlineData(CallerKind.Customer)]
    [InlineData(CallerKind.Courier)]
    public async Task Imports_are_for_the_shop_alone(CallerKind kind)
    {
        Client client = new(edge.As(kind, "anna"));
        RpcException denied = await Assert.ThrowsAsync<RpcException>(
            () => client.BatchImportPurchasesAsync(new BatchImportPurchasesRequest()).ResponseAsync);
        Assert.Equal(StatusCode.PermissionDenied, denied.StatusCode);
    }

    private static BatchImportPurchasesRequest Batch(params ImportedCustomer[] customers)
    {
        BatchImportPurchasesRequest request = new() { Source = "cdnow", RegionCode = "US" };
        request.Customers.AddRange(customers);
        return request;
    }

    private static ImportedCustomer Of(string id, params ImportedPurchase[] purchases)
    {
        ImportedCustomer customer = new() { Customer = $"customers/{id}" };
        customer.Purchases.AddRange(purchases);
        return customer;
    }

    private static ImportedPurchase Bought(int ordinal) => new()
    {
        Ordinal = ordinal,
        PurchaseDate = new DateOnly(1997, 1, 1).ToProto(),
        Units = 1,
        Amount = new Money(1177, "USD").ToProto(),
    };

    private async Task<Outcome[]> Outcomes(BatchImportPurchasesRequest request) =>
        [.. (await Staff.BatchImportPurchasesAsync(request)).Results.Select(result => result.Outcome)];

    private async Task<string[]> Violations(BatchImportPurchasesRequest request)
    {
        RpcException refused = await Assert.ThrowsAsync<RpcException>(
            () => Staff.BatchImportPurchasesAsync(request).ResponseAsync);
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        return [.. Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin")).Details
            .Single(detail => detail.Is(BadRequest.Descriptor)).Unpack<BadRequest>()
            .FieldViolations.Select(violation => violation.Field)];
    }
}

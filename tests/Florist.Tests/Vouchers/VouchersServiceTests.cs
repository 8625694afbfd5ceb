using Florist.Kernel;
using Florist.Protos.Vouchers.V1;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Florist.Vouchers;
using Grpc.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Vouchers.V1.VoucherService.VoucherServiceClient;
using Message = Florist.Protos.Vouchers.V1.Voucher;
using Money = Google.Type.Money;

namespace Florist.Tests.Vouchers;

public sealed class VouchersServiceTests : IAsyncLifetime
{
    private TestShop? shop;
    private TestEdge? edge;

    private TestEdge Edge => edge ?? throw new InvalidOperationException();

    private Client Sam => new(Edge.As(CallerKind.Staff, "sam"));

    private Client Anna => new(Edge.As(CallerKind.Customer, "anna"));

    public async ValueTask InitializeAsync()
    {
        shop = await OrderShop.Start();
        edge = await TestEdge.Start(shop, map => map.MapVouchers(), services =>
        {
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
            services.AddVouchers();
            services.AddSingleton(shop.Get<IVoucherQueries>());
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (edge is not null)
        {
            await edge.DisposeAsync();
        }

        if (shop is not null)
        {
            await shop.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_voucher_is_issued_checked_listed_and_ended()
    {
        Message issued = await Sam.CreateVoucherAsync(new()
        {
            VoucherId = "spring20",
            Voucher = new() { PercentBasisPoints = 2000, UsageLimit = 5 },
        });
        await Sam.CreateVoucherAsync(new() { Voucher = new() { Amounts = { Pounds(5) }, Customer = "customers/anna" } });

        CheckVoucherResponse worth = await Anna.CheckVoucherAsync(new() { Name = "vouchers/Spring20", Subtotal = Pounds(45) });
        Message ended = await Sam.DisableVoucherAsync(new() { Name = issued.Name, Etag = issued.Etag });
        ListVouchersResponse open = await Sam.ListVouchersAsync(new() { Filter = "disabled = false" });

        Assert.Equal("vouchers/SPRING20", issued.Name);
        Assert.Equal(Pounds(9), worth.Discount);
        Assert.NotNull(ended.DisableTime);
        Assert.Equal("customers/anna", Assert.Single(open.Vouchers).Customer);
        Assert.Equal("VOUCHER_DISABLED", await Reason(async () =>
            await Anna.CheckVoucherAsync(new() { Name = issued.Name, Subtotal = Pounds(45) })));
    }

    [Fact]
    public async Task A_repeat_issues_the_same_and_another_under_its_code_is_refused()
    {
        CreateVoucherRequest request = new()
        {
            RequestId = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d",
            Voucher = new() { PercentBasisPoints = 1000 },
        };

        Message first = await Sam.CreateVoucherAsync(request);
        Message again = await Sam.CreateVoucherAsync(request);

        Assert.Equal(first, again);
        Assert.Equal("ALREADY_EXISTS", await Reason(async () => await Sam.CreateVoucherAsync(new()
        {
            VoucherId = first.Name.Split('/')[1],
            Voucher = new() { PercentBasisPoints = 1 },
        })));
    }

    [Fact]
    public async Task A_customer_cannot_tell_anothers_voucher_from_none_and_asks_for_themselves_alone()
    {
        await Sam.CreateVoucherAsync(new()
        {
            VoucherId = "BEN10",
            Voucher = new() { PercentBasisPoints = 1000, Customer = "customers/ben" },
        });

        foreach (string name in (string[])["vouchers/BEN10", "vouchers/NO-SUCH", "vouchers/?"])
        {
            Assert.Equal("VOUCHER_UNKNOWN", await Reason(async () =>
                await Anna.CheckVoucherAsync(new() { Name = name, Subtotal = Pounds(10) })));
        }

        Assert.Equal("PERMISSION_DENIED", await Reason(async () => await Anna.CheckVoucherAsync(
            new() { Name = "vouchers/BEN10", Customer = "customers/ben", Subtotal = Pounds(10) })));
        Assert.Equal("PERMISSION_DENIED", await Reason(async () => await Anna.ListVouchersAsync(new())));
    }

    [Theory]
    [InlineData(0, 0, 1, "voucher.percent_basis_points")]
    [InlineData(2000, 5, 1, "voucher.percent_basis_points")]
    [InlineData(10_001, 0, 1, "voucher.percent_basis_points")]
    [InlineData(2000, 0, 100_001, "voucher.usage_limit")]
    [InlineData(0, -5, 1, "voucher.amounts[0]")]
    public async Task What_a_voucher_cannot_be_worth_is_named(int share, int pounds, int limit, string field)
    {
        Message voucher = new() { PercentBasisPoints = share, UsageLimit = limit };
        if (pounds != 0)
        {
            voucher.Amounts.Add(Pounds(pounds));
        }

        RpcException wrong = await Assert.ThrowsAsync<RpcException>(
            async () => await Sam.CreateVoucherAsync(new() { Voucher = voucher }));

        Assert.Contains(field, Status(wrong).Details
            .Where(detail => detail.Is(Google.Rpc.BadRequest.Descriptor))
            .SelectMany(detail => detail.Unpack<Google.Rpc.BadRequest>().FieldViolations)
            .Select(violation => violation.Field));
    }

    private static Money Pounds(int units) => new() { CurrencyCode = "GBP", Units = units };

    private static async Task<string> Reason(Func<Task> call) =>
        Status(await Assert.ThrowsAsync<RpcException>(call)).Details[0].Unpack<Google.Rpc.ErrorInfo>().Reason;

    private static Google.Rpc.Status Status(RpcException refused) =>
        Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes(FaultStatus.DetailsTrailer));
}

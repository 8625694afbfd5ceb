using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Protos.Orders.V1;
using Florist.Protos.Stock.V1;
using Florist.Protos.Vouchers.V1;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Florist.Tests.Testing;
using Grpc.Core;
using Grpc.Net.Client;

namespace Florist.Server.Tests.Kills;

/// <summary>
/// Sixty customers want the last ten places while the server is killed under them, again and again: in the end exactly
/// ten have one, and nothing is held for anybody else.
/// </summary>
public sealed class StockKillsTests
{
    private const int Customers = 60;
    private const int Places = 10;
    private const int LongestDelayMs = 150;

    private static readonly string[] Settings =
        ["--Stock:SlotHours=9", "--Stock:SlotCapacity=10", "--Engine:PollMsMax=200", "--RateLimits:Enabled=false"];

    [Theory]
    [InlineData(20261123, 3)]
    public async Task The_last_ten_places_go_to_ten_though_the_server_is_killed(int seed, int kills)
    {
        Random random = new(seed);
        using TempFolder folder = new();
        ServerProcess server = await ServerProcess.Start(folder.Path, Settings);
        StaffDesk staff = new(server.Address);
        try
        {
            DateOnly day = await staff.FirstOpenDay();
            await staff.Clients.Customers.CreateCustomerAsync(
                new CreateCustomerRequest { CustomerId = "anna", Customer = new() { GivenName = "Anna" } },
                staff.Clients.Staff);
            await IssueVoucher(server);
            for (int kill = 0; kill < kills; kill++)
            {
                Task<string?[]> race = Race(staff, day, first: 0);
                await Task.Delay(random.Next(LongestDelayMs));
                await server.Kill();
                await race;
                await server.DisposeAsync();
                staff.Dispose();
                server = await server.StartAgain(Settings);
                staff = new StaffDesk(server.Address);
            }

            await Race(staff, day, first: 0);

            // What was held for an order that never came to be is free after ten minutes; others get it then.
            await staff.TurnClockOn(TimeSpan.FromMinutes(11));
            string?[] late = await Race(staff, day, first: Customers);
            await AssertTenHaveThem(server, staff, day, late);
        }
        finally
        {
            await server.DisposeAsync();
            staff.Dispose();
        }
    }

    private static async Task AssertTenHaveThem(ServerProcess server, StaffDesk staff, DateOnly day, string?[] late)
    {
        ListOrdersResponse orders = await staff.Clients.Orders.ListOrdersAsync(
            new ListOrdersRequest { Filter = "state = CONFIRMED", PageSize = 1000 }, staff.Clients.Staff);
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        DeliveryDay stored = await new StockService.StockServiceClient(channel).GetDeliveryDayAsync(
            new GetDeliveryDayRequest { Name = $"shops/main/days/{day:yyyy-MM-dd}" }, staff.Clients.Staff);
        Voucher voucher = await new VoucherService.VoucherServiceClient(channel).GetVoucherAsync(
            new GetVoucherRequest { Name = "vouchers/MANY" }, staff.Clients.Staff);
        DeliveryDay.Types.Slot slot = Assert.Single(stored.Slots);

        Assert.All(late.Where(reason => reason is not null), reason => Assert.Equal("SLOT_FULL", reason));
        Assert.Equal(Places, orders.Orders.Count);
        Assert.Equal((Places, 0, 0), (slot.CommittedCount, slot.HeldCount, slot.FreeCount));
        Assert.Equal((Places, 0), (voucher.RedeemedCount, voucher.ReservedCount));
    }

    private static async Task IssueVoucher(ServerProcess server)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(server.Address);
        await new VoucherService.VoucherServiceClient(channel).CreateVoucherAsync(
            new CreateVoucherRequest
            {
                VoucherId = "MANY",
                Voucher = new Voucher { PercentBasisPoints = 1000, UsageLimit = 1000 },
            },
            TourClients.As("staff:tour"));
    }

    // The reason of each refusal; null for an order, and for no answer.
    private static Task<string?[]> Race(StaffDesk staff, DateOnly day, int first) => Task.WhenAll(
        Enumerable.Range(first, Customers).Select(number => Order(staff, day, number)));

    private static async Task<string?> Order(StaffDesk staff, DateOnly day, int number)
    {
        CreateOrderRequest request = new()
        {
            RequestId = $"00000000-0000-4000-8000-{number:D12}",
            PaymentToken = "tok_visa",
            Order = new Order
            {
                Customer = "customers/anna",
                CurrencyCode = "GBP",
                Voucher = "vouchers/MANY",
                DeliveryDate = new() { Year = day.Year, Month = day.Month, Day = day.Day },
                Lines = { new OrderLine { Bouquet = "bouquets/dozen-red-roses", Quantity = 1 } },
                DeliveryContact = new DeliveryContact
                {
                    GivenName = "Mary",
                    Address = new() { RegionCode = "GB", Locality = "Bristol", AddressLines = { "1 Quay Street" } },
                },
            },
        };
        try
        {
            await staff.Clients.Orders.CreateOrderAsync(request, staff.Clients.Staff);
            return null;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.FailedPrecondition)
        {
            byte[]? details = refused.Trailers.GetValueBytes(FaultStatus.DetailsTrailer);
            return Google.Rpc.Status.Parser.ParseFrom(details).Details[0].Unpack<Google.Rpc.ErrorInfo>().Reason;
        }
        catch (RpcException lost) when (lost.StatusCode is StatusCode.Unavailable or StatusCode.Internal)
        {
            return null;
        }
    }
}

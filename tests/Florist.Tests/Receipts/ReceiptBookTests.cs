using Florist.Delivery;
using Florist.Kernel;
using Florist.Orders;
using Florist.Protos.Receipts.V1;
using Florist.Receipts;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Client = Florist.Protos.Receipts.V1.ReceiptService.ReceiptServiceClient;
using Receipt = Florist.Receipts.Receipt;

namespace Florist.Tests.Receipts;

public sealed class ReceiptBookTests
{
    private static readonly CourierId Velo = new("velo");

    [Fact]
    public async Task A_delivered_order_has_one_receipt_that_adds_up_and_an_undelivered_one_has_none()
    {
        await using TestShop shop = await Start();
        await Deliver(shop, "o1");
        await Deliver(shop, "o2", upTo: DeliveryState.Arrived);

        Receipt? receipt = await Find(shop, "o1");

        Assert.Equal("shops/main/receipts/2026-000001", receipt?.Name);
        Assert.Equal(receipt?.Total.Minor, receipt?.Lines.Sum(line => line.Amount.Minor));
        Assert.Equal(receipt?.Total.Minor, receipt?.Taxes.Sum(tax => tax.Gross.Minor));
        Assert.Equal(new DateOnly(2026, 6, 10), receipt?.SuppliedOn);
        Assert.Null(await Find(shop, "o2"));
    }

    [Fact]
    public async Task Numbers_have_no_gaps_whatever_is_repeated_at_once_or_after_a_crash()
    {
        await using TestShop shop = await Start();
        Receipt[] drafts = [.. Enumerable.Range(1, 20).Select(number => Draft($"o{number}", 2026))];

        Receipt[] issued = await Task.WhenAll(drafts.Concat(drafts).Select(draft => Book(shop, draft).Issue(draft)));
        await shop.Restart(crash: true);
        Receipt[] again = await Task.WhenAll(drafts.Select(draft => Book(shop, draft).Issue(draft)));
        Receipt next = await Book(shop, drafts[0]).Issue(Draft("o21", 2026));

        Assert.Equal(Enumerable.Range(1, 20).Select(number => (long)number), again.Select(one => one.Number).Order());
        Assert.Equal(again, issued[..20]);
        Assert.Equal(again, issued[20..]);
        Assert.Equal(21, next.Number);
    }

    [Fact]
    public async Task Each_shop_and_year_counts_for_itself()
    {
        await using TestShop shop = await Start();

        Receipt[] issued =
        [
            await Issue(shop, Draft("o1", 2026)), await Issue(shop, Draft("o2", 2027)),
            await Issue(shop, Draft("o3", 2026) with { Shop = "bath" }), await Issue(shop, Draft("o4", 2026)),
        ];

        Assert.Equal(
            ["main/2026 1", "main/2027 1", "bath/2026 1", "main/2026 2"],
            issued.Select(one => $"{one.Book} {one.Number}"));
    }

    [Fact]
    public async Task A_discount_is_a_line_of_its_own_so_that_the_lines_add_up()
    {
        await using TestShop shop = await Start();
        OrderRecord order = (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        Money off = new(500, "GBP");
        OrderTerms reduced = order.Terms with { Discount = off, Total = order.Terms.Total - off };

        Receipt draft = ReceiptDrafts.Of(order with { Terms = reduced }, OrderSamples.Morning, new ReceiptsOptions());

        Assert.Equal(draft.Total.Minor, draft.Lines.Sum(line => line.Amount.Minor));
    }

    [Theory]
    [InlineData("2026-12-31T23:59:59Z", 2026)]
    [InlineData("2027-01-01T00:00:00Z", 2027)]
    public async Task The_year_is_that_of_the_supply_in_the_place_of_delivery(string suppliedAt, int year)
    {
        await using TestShop shop = await Start();
        OrderRecord order = (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();

        Receipt draft = ReceiptDrafts.Of(order, DateTimeOffset.Parse(suppliedAt, null), new ReceiptsOptions());

        Assert.Equal(year, draft.Year);
    }

    [Fact]
    public async Task Customers_read_their_own_and_what_is_written_out_is_safe()
    {
        await using TestShop shop = await Start();
        await using TestEdge edge = await TestEdge.Start(
            shop, routes => routes.MapReceipts(), services => services.AddSingleton(shop.Get<IReceiptQueries>()));
        Receipt issued = await Issue(shop, Draft("o1", 2026) with
        {
            Lines = [new ReceiptLine("<b>Roses</b> & more", 2, new Money(4999, "GBP"))],
        });
        Client anna = new(edge.As(CallerKind.Customer, "anna"));
        Client ben = new(edge.As(CallerKind.Customer, "ben"));

        RenderReceiptResponse written = await anna.RenderReceiptAsync(new RenderReceiptRequest { Name = issued.Name });
        RpcException denied = await Assert.ThrowsAsync<RpcException>(
            () => ben.GetReceiptAsync(new GetReceiptRequest { Name = issued.Name }).ResponseAsync);
        RpcException unknown = await Assert.ThrowsAsync<RpcException>(
            () => ben.GetReceiptAsync(new GetReceiptRequest { Name = "shops/main/receipts/2026-999999" }).ResponseAsync);

        Assert.Contains("2 x <b>Roses</b> & more", written.PlainText, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt;Roses&lt;/b&gt; &amp; more", written.HtmlText, StringComparison.Ordinal);
        Assert.Equal((StatusCode.PermissionDenied, StatusCode.PermissionDenied), (denied.StatusCode, unknown.StatusCode));
        Assert.Single((await anna.ListReceiptsAsync(new ListReceiptsRequest { Filter = "order = \"orders/o1\"" })).Receipts);
        Assert.Empty((await ben.ListReceiptsAsync(new ListReceiptsRequest())).Receipts);
    }

    private static Task<TestShop> Start() => OrderShop.Start(services => services.AddReceipts());

    private static Receipt Draft(string order, int year) => new()
    {
        Shop = "main",
        Year = year,
        OrderId = new OrderId(order),
        CustomerId = OrderSamples.Parties.CustomerId,
        SuppliedOn = new DateOnly(year, 6, 12),
        Total = new Money(4999, "GBP"),
    };

    private static IReceiptBookGrain Book(TestShop shop, Receipt draft) => shop.Grain<IReceiptBookGrain>(draft.Book);

    private static Task<Receipt> Issue(TestShop shop, Receipt draft) => Book(shop, draft).Issue(draft);

    private static Task<Receipt?> Find(TestShop shop, string order) =>
        shop.Get<IReceiptQueries>().OfOrder(new OrderId(order), TestContext.Current.CancellationToken);

    private static async Task Deliver(TestShop shop, string id, DeliveryState upTo = DeliveryState.Delivered)
    {
        (await shop.Grain<IOrderGrain>(id).Place(OrderSamples.Place(id))).OrThrow();
        await shop.RunDue();
        IDeliveryGrain delivery = shop.Grain<IDeliveryGrain>(id);
        DeliveryId first = new("d1");
        (await delivery.Assign(new(null, first, new(DeliveryRole.Dispatcher, "staff:sam"), Velo, null))).OrThrow();
        foreach (DeliveryState state in (DeliveryState[])[DeliveryState.OutForDelivery, upTo])
        {
            await delivery.Report(new CourierReport
            {
                Courier = Velo,
                EventId = $"{id}-{state}",
                Delivery = first,
                Leg = 1,
                Attempt = 1,
                OccurTime = OrderSamples.Morning,
                State = new StateReport
                {
                    State = state,
                    Outcome = state == DeliveryState.Delivered ? DeliveryOutcome.HandedToRecipient : null,
                },
            });
        }

        await shop.RunDue();
    }
}

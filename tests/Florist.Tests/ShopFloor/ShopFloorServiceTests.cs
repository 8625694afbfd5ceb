using Florist.Catalogue;
using Florist.Kernel;
using Florist.Orders;
using Florist.Protos.ShopFloor.V1;
using Florist.ShopFloor;
using Florist.Stock;
using Florist.Tests.Catalogue;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Client = Florist.Protos.ShopFloor.V1.ShopFloorService.ShopFloorServiceClient;
using State = Florist.Protos.Orders.V1.Order.Types.State;

namespace Florist.Tests.ShopFloor;

public sealed class ShopFloorServiceTests : IAsyncLifetime
{
    private const string Day = "shops/main/days/2026-06-12";
    private const string Card = "orders/o1/cardSheet";
    private const string Once = "8b0f1f8e-8f4e-4b57-9f0e-2f1f6a1b2c3d";

    private TestShop shop = null!;
    private TestEdge edge = null!;

    private Client Staff => new(edge.As(CallerKind.Staff, "kim"));

    public async ValueTask InitializeAsync()
    {
        shop = await OrderShop.Start(services => services.AddShopFloor());
        edge = await TestEdge.Start(shop, routes => routes.MapShopFloor(), services =>
        {
            services.AddSingleton(DemoCatalogue.Value);
            services.AddSingleton(shop.Get<IBenchQueries>());
            services.AddSingleton(shop.Get<ShopPlans>());
            services.AddSingleton(Options.Create(new ShopFloorOptions()));
        });
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task An_item_says_what_to_bind_how_many_stems_it_takes_and_what_to_warn_of()
    {
        await Place("o1", OrderSamples.Draft with
        {
            Lines = [new(new("pink-orientals"), 2), new(new("dozen-red-roses"), 1)],
            Card = new CardMessage("Thinking of you", "Anna"),
        }, OrderSamples.Parties with
        {
            Contact = OrderSamples.Parties.Contact with
            {
                Place = PlaceType.Hospital,
                AccessNote = "Ward 3, ask at the desk",
            },
        });

        BenchItem item = Assert.Single((await List("")).BenchItems);

        Assert.Equal(($"{Day}/benchItems/o1", "orders/o1", State.Confirmed), (item.Name, item.Order, item.State));
        Assert.Equal([2, 1], item.Lines.Select(line => line.Quantity));
        foreach (BenchItem.Types.StemCount stem in item.Stems)
        {
            int wanted = Count("pink-orientals", stem.StemId, 2) + Count("dozen-red-roses", stem.StemId, 1);
            Assert.Equal(wanted, stem.Count);
        }

        Assert.Equal(item.Stems.Select(stem => stem.StemId).Order(StringComparer.Ordinal).Distinct(),
            item.Stems.Select(stem => stem.StemId));
        Assert.StartsWith("True lilies", item.CareLines[0], StringComparison.Ordinal);
        Assert.Equal("Ward 3, ask at the desk", item.AccessNote);
        Assert.Equal(["Thinking of you", "", "Anna"], item.CardSheet.Lines);
        Assert.Null(item.CardSheet.PrintTime);
    }

    [Fact]
    public async Task A_day_is_listed_page_by_page_and_a_token_fits_no_other_list()
    {
        foreach (string id in (string[])["o1", "o2", "o3"])
        {
            await Place(id, OrderSamples.Draft);
        }

        await shop.Grain<IOrderGrain>("o2").StartPreparing(new StartPreparing(null, null));
        ListBenchItemsResponse first = await List("", size: 2);
        ListBenchItemsResponse second = await List("", size: 2, token: first.NextPageToken);

        Assert.Equal(["o1", "o2", "o3"], first.BenchItems.Concat(second.BenchItems).Select(item => item.Order[7..]));
        Assert.Empty(second.NextPageToken);
        Assert.Equal(["orders/o2"], (await List("state = PREPARING")).BenchItems.Select(item => item.Order));
        await AssertRefused(StatusCode.InvalidArgument, List("state = READY", token: first.NextPageToken));
    }

    [Theory]
    [InlineData("shops/main/days/2026-02-30")]
    [InlineData("shops/main/days/12.6.2026")]
    [InlineData("shops/main")]
    [InlineData("")]
    public async Task A_name_that_is_no_day_is_refused(string parent) => await AssertRefused(
        StatusCode.InvalidArgument,
        Staff.ListBenchItemsAsync(new ListBenchItemsRequest { Parent = parent }).ResponseAsync);

    [Fact]
    public async Task A_shop_that_is_none_has_no_bench() => await AssertRefused(
        StatusCode.NotFound,
        Staff.ListBenchItemsAsync(new ListBenchItemsRequest { Parent = "shops/moon/days/2026-06-12" }).ResponseAsync);

    [Fact]
    public async Task A_card_is_printed_once_a_request_and_by_whom_is_known()
    {
        await Place("o1", OrderSamples.Draft with { Card = new CardMessage("Thinking of you", "Anna") });
        CardSheet sheet = await Staff.GetCardSheetAsync(new GetCardSheetRequest { Name = Card });
        MarkCardPrintedRequest request = new() { Name = Card, Etag = sheet.Etag, RequestId = Once };

        CardSheet printed = await Staff.MarkCardPrintedAsync(request);
        await shop.Grain<IOrderGrain>("o1").Cancel(new CancelOrder(null, null, "staff:kim", true, null));
        CardSheet repeated = await Staff.MarkCardPrintedAsync(request);

        Assert.Null(sheet.PrintTime);
        Assert.Equal("staff:kim", printed.Printer);
        Assert.Equal(printed, repeated);
        await AssertRefused(
            StatusCode.FailedPrecondition,
            Staff.MarkCardPrintedAsync(new MarkCardPrintedRequest { Name = Card }).ResponseAsync);
    }

    [Fact]
    public async Task Another_text_than_the_printed_one_and_no_card_at_all_are_told_apart()
    {
        await Place("o1", OrderSamples.Draft with { Card = new CardMessage("Thinking of you", "Anna") });
        await Place("o2", OrderSamples.Draft);

        await AssertRefused(
            StatusCode.Aborted,
            Staff.MarkCardPrintedAsync(new MarkCardPrintedRequest { Name = Card, Etag = "\"other\"" }).ResponseAsync);
        await AssertRefused(
            StatusCode.FailedPrecondition,
            Staff.GetCardSheetAsync(new GetCardSheetRequest { Name = "orders/o2/cardSheet" }).ResponseAsync);
        await AssertRefused(
            StatusCode.NotFound,
            Staff.GetCardSheetAsync(new GetCardSheetRequest { Name = "orders/none/cardSheet" }).ResponseAsync);
    }

    [Fact]
    public void The_bench_sees_no_price()
    {
        IEnumerable<MessageDescriptor> parts = [BenchItem.Descriptor, .. BenchItem.Descriptor.NestedTypes];

        Assert.DoesNotContain(
            "google.type.Money",
            parts.SelectMany(part => part.Fields.InFieldNumberOrder())
                .Where(field => field.FieldType == FieldType.Message).Select(field => field.MessageType.FullName));
    }

    private static int Count(string bouquet, string stem, int quantity) =>
        quantity * (DemoCatalogue.Value.Find(new BouquetId(bouquet))?.Stems
            .Where(part => part.Stem.Id.Value == stem).Sum(part => part.Count) ?? 0);

    private static async Task AssertRefused(StatusCode code, Task call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);

    private async Task Place(string id, OrderDraft draft, OrderContext? parties = null)
    {
        PlaceOrder command = OrderSamples.Place(id) with { Draft = draft, Context = parties ?? OrderSamples.Parties };
        (await shop.Grain<IOrderGrain>(id).Place(command)).OrThrow();
        await shop.RunDue();
    }

    private Task<ListBenchItemsResponse> List(string filter, int size = 0, string token = "") =>
        Staff.ListBenchItemsAsync(new ListBenchItemsRequest
        {
            Parent = Day,
            Filter = filter,
            PageSize = size,
            PageToken = token,
        }).ResponseAsync;
}

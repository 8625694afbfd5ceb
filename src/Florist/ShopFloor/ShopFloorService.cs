using Florist.Catalogue;
using Florist.Kernel;
using Florist.Orders;
using Florist.Protos.ShopFloor.V1;
using Florist.Stock;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.ShopFloor;

/// <summary>The RPCs of ShopFloorService: messages to commands and back.</summary>
internal sealed class ShopFloorService(
    IGrainFactory grains,
    IBenchQueries queries,
    ICatalogue catalogue,
    ShopPlans plans,
    IOptions<ShopFloorOptions> options,
    ISeal seal) : Protos.ShopFloor.V1.ShopFloorService.ShopFloorServiceBase
{
    private const int LanguageLengthMax = 35;

    public override async Task<ListBenchItemsResponse> ListBenchItems(
        ListBenchItemsRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string language = checks.OptionalText("language_code", request.LanguageCode, LanguageLengthMax)
            ?? Bouquet.LanguageDefault;
        ThrowIfWrong(checks);
        DayKey day = ShopFloorNames.Day(request.Parent, "parent").OrThrow();
        if (!plans.Shops.Contains(day.Shop))
        {
            throw Fault.NotFound(day.Name).ToException();
        }

        FilterExpression filter = IBenchQueries.Filterable.Parse(request.Filter).OrThrow();
        string arguments = $"bench\u001E{day.Text}\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<BenchEntry> found = await queries.List(day, filter, page, context.CancellationToken);
        ListBenchItemsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.BenchItems.AddRange(found.Items.Select(
            entry => BenchMessages.ToProto(day, entry, catalogue, options.Value, language)));
        return response;
    }

    public override async Task<CardSheet> GetCardSheet(GetCardSheetRequest request, ServerCallContext context)
    {
        (OrderRecord order, CardMessage card) = await Card(request.Name);
        PrintedCard print = await grains.GetGrain<ICardPrintGrain>(order.Id.Value).Get();
        return BenchMessages.ToProto(order.Id, card, print, options.Value);
    }

    public override async Task<CardSheet> MarkCardPrinted(MarkCardPrintedRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ThrowIfWrong(checks);
        (OrderRecord order, CardMessage card) = await Card(request.Name);
        if (request.Etag.Length > 0 && request.Etag != PrintedCard.EtagOf(card))
        {
            throw Fault.Stale(request.Name).ToException();
        }

        PrintCard command = new(requestId, PrintedCard.TagOf(card), Caller.Of(context).Principal);
        ICardPrintGrain grain = grains.GetGrain<ICardPrintGrain>(order.Id.Value);
        PrintedCard print = (await grain.Print(command, NotOnTheBench(order))).OrThrow();
        return BenchMessages.ToProto(order.Id, card, print, options.Value);
    }

    private async Task<(OrderRecord Order, CardMessage Card)> Card(string name)
    {
        OrderId id = ShopFloorNames.Order(name, "name").OrThrow();
        OrderRecord order = (await grains.GetGrain<IOrderGrain>(id.Value).Get()).OrThrow();
        return order.Draft.Card is { } card && (card.Text.Length > 0 || card.Signature is not null)
            ? (order, card)
            : throw Fault.Refused("NO_CARD", $"{order.Id.Name} has no card").With("name", order.Id.Name).ToException();
    }

    // Null for an order whose card may be printed: it is paid for and has not ended.
    private static Fault? NotOnTheBench(OrderRecord order)
    {
        Fault? fault = order switch
        {
            { HasEnded: true } => Fault.Refused("ORDER_ENDED", $"{order.Id.Name} has ended already"),
            { State: OrderState.PendingPayment } =>
                Fault.Refused("WRONG_STATE", $"{order.Id.Name} is not paid for yet"),
            _ => null,
        };
        return fault?.With("name", order.Id.Name).With("state", order.State.ToString());
    }

    private static void ThrowIfWrong(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }
}

using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Receipts.V1;
using Grpc.Core;

namespace Florist.Receipts;

/// <summary>The RPCs of ReceiptService.</summary>
internal sealed class ReceiptsService(IReceiptQueries queries, ISeal seal) : ReceiptService.ReceiptServiceBase
{
    public override async Task<Protos.Receipts.V1.Receipt> GetReceipt(
        GetReceiptRequest request, ServerCallContext context) => (await Reached(request.Name, context)).ToProto();

    public override async Task<ListReceiptsResponse> ListReceipts(
        ListReceiptsRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CustomerId? own = caller.Kind == CallerKind.Customer ? new CustomerId(caller.Id) : null;
        FilterExpression filter = IReceiptQueries.Filterable.Parse(request.Filter).OrThrow();
        string arguments = $"receipts\u001E{own}\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<Receipt> found = await queries.List(own, filter, page, context.CancellationToken);
        ListReceiptsResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Receipts.AddRange(found.Items.Select(receipt => receipt.ToProto()));
        return response;
    }

    public override async Task<RenderReceiptResponse> RenderReceipt(
        RenderReceiptRequest request, ServerCallContext context)
    {
        Receipt receipt = await Reached(request.Name, context);
        return new RenderReceiptResponse
        {
            PlainText = ReceiptText.Plain(receipt),
            HtmlText = ReceiptText.Html(receipt),
        };
    }

    // Permission before existence: to a customer, another's receipt and no receipt look the same.
    private async Task<Receipt> Reached(string name, ServerCallContext context)
    {
        if (name.Split('/') is not ["shops", _, "receipts", _])
        {
            throw Fault.Invalid("name", "NAME_INVALID", "is not a name of the form shops/{shop}/receipts/{receipt}")
                .ToException();
        }

        Caller caller = Caller.Of(context);
        Receipt? found = await queries.Find(name, context.CancellationToken);
        bool reached = found is null ? caller.IsInternal : caller.Reaches(found.CustomerId.Value);
        return !reached
            ? throw Fault.Denied("the caller may not reach this receipt").ToException()
            : found ?? throw Fault.NotFound(name).ToException();
    }
}

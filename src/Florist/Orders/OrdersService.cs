using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Orleans;

namespace Florist.Orders;

/// <summary>The RPCs of OrderService: messages to commands and back. Watching is in the other part.</summary>
internal sealed partial class OrdersService(
    IGrainFactory grains,
    IOrderQueries queries,
    IPromiseQueries promises,
    ICatalogue catalogue,
    OrderHolds holds,
    IOptions<OrdersOptions> options,
    TimeProvider time,
    IIds ids,
    ISeal seal,
    TrackingTokens tokens,
    ProofLinks links,
    Watches watches) : OrderService.OrderServiceBase
{
    // How long CreateOrder waits for the payment before it answers with the order as it stands.
    private static readonly TimeSpan PaymentWait = TimeSpan.FromSeconds(5);

    public override async Task<QuoteOrderResponse> QuoteOrder(QuoteOrderRequest request, ServerCallContext context)
    {
        (OrderDraft draft, OrderContext parties) = await Read(request.Order, null, context);
        DateTimeOffset now = time.GetUtcNow();
        OrderDay day = (await holds.DayOf(draft, parties, now)).OrThrow();
        OrderVoucher voucher = (await holds.VoucherOf(draft, parties.CustomerId, new OrderId(""))).OrThrow();
        OrderTerms terms =
            OrderPricing.Price(draft, parties, day, catalogue, options.Value, now, voucher.Terms).OrThrow();
        holds.Offer(draft, terms, day).OrThrow();
        QuotedTerms quoted = OrderQuotes.Of(terms, options.Value, now);
        QuoteOrderResponse response = new()
        {
            Order = OrderMessages.ToProto(draft, parties.Contact, parties.CustomerId, terms),
            Quote = OrderQuotes.Seal(quoted, parties.CustomerId, draft, seal),
            ExpireTime = quoted.ExpiresAt.ToProto(),
        };
        response.Notes.AddRange(OrderPricing.Notes(draft, parties, catalogue));
        return response;
    }

    public override async Task<Order> CreateOrder(CreateOrderRequest request, ServerCallContext context)
    {
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(request.PaymentToken.Length > 0, "payment_token", "REQUIRED", "is required");
        checks.That(request.PaymentToken.Length <= 200, "payment_token", "TOO_LONG", "is longer than 200 characters");
        (OrderDraft draft, OrderContext parties) = await Read(request.Order, checks, context);
        QuotedTerms? quote = request.Quote.Length == 0
            ? null
            : OrderQuotes.Open(request.Quote, parties.CustomerId, draft, seal).OrThrow();
        string principal = Caller.Of(context).Principal;
        OrderId id = new(requestId is null ? ids.Next() : ids.Derived(principal, "orders", requestId));
        PlaceOrder command = new(requestId, id, draft, parties, quote, request.PaymentToken);
        if (request.ValidateOnly)
        {
            DateTimeOffset now = time.GetUtcNow();
            OrderDay day = (await holds.DayOf(draft, parties, now)).OrThrow();
            OrderVoucher voucher = (await holds.VoucherOf(draft, parties.CustomerId, id)).OrThrow();
            OrderPlaced would =
                OrderRules.Place(command, day, catalogue, options.Value, now, voucher.Terms).OrThrow();
            holds.Offer(draft, would.Terms, day).OrThrow();
            return OrderMessages.ToProto(draft, parties.Contact, parties.CustomerId, would.Terms);
        }

        IOrderGrain grain = Grain(id);
        OrderRecord placed = (await grain.Place(command)).OrThrow();
        return (await Settled(grain, placed, context.CancellationToken)).ToProto();
    }

    public override async Task<Order> GetOrder(GetOrderRequest request, ServerCallContext context) =>
        (await Reached(request.Name, context)).ToProto();

    public override async Task<ListOrdersResponse> ListOrders(ListOrdersRequest request, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        CustomerId? own = caller.Kind == CallerKind.Customer ? new CustomerId(caller.Id) : null;
        FilterExpression filter = IOrderQueries.Filterable.Parse(request.Filter).OrThrow();
        string arguments = $"orders\u001E{own}\u001E{filter.ToFilterText()}";
        PageRequest page = PageRequest.Read(request.PageSize, request.PageToken, arguments, seal).OrThrow();
        Page<OrderRecord> found = await queries.List(own, filter, page, context.CancellationToken);
        ListOrdersResponse response = new() { NextPageToken = PageRequest.Token(found.Next, arguments, seal) };
        response.Orders.AddRange(found.Items.Select(order => order.ToProto()));
        return response;
    }

    public override async Task<Order> CancelOrder(CancelOrderRequest request, ServerCallContext context)
    {
        OrderRecord order = await Reached(request.Name, context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        string? reason = checks.OptionalText("reason", request.Reason, OrderLimits.NoteLengthMax);
        ThrowIfWrong(checks);
        Caller caller = Caller.Of(context);
        string? etag = request.Etag.Length == 0 ? null : request.Etag;
        CancelOrder command = new(requestId, etag, caller.Principal, caller.IsInternal, reason);
        return (await Grain(order.Id).Cancel(command)).OrThrow().ToProto();
    }

    // The draft and what is known about its parties. Whether the caller may order for the customer comes first.
    private async Task<(OrderDraft Draft, OrderContext Parties)> Read(
        Order? order, FieldChecks? checks, ServerCallContext context)
    {
        Caller caller = Caller.Of(context);
        checks ??= new FieldChecks();
        checks.That(order is not null, "order", "REQUIRED", "is required");
        Order asked = order ?? new Order();
        string customerName = asked.Customer.Length == 0 && caller.Kind == CallerKind.Customer
            ? "customers/me"
            : asked.Customer;
        CustomerId customer = CustomerNames.Customer(customerName, "order.customer", caller).OrThrow();
        OrderDraft draft = DraftMessages.Read(asked, customer, checks);
        ThrowIfWrong(checks);
        CustomerView view = (await grains.GetGrain<ICustomerGrain>(customer.Value).Get()).OrThrow();
        return (draft, OrderParties.Of(draft, view).OrThrow());
    }

    private static Task<OrderRecord> Settled(
        IOrderGrain grain, OrderRecord placed, CancellationToken cancellationToken) =>
        Until(grain, placed, order => order.State != OrderState.PendingPayment, cancellationToken);

    // The order once something holds of it, or as it stands when that takes too long.
    private static async Task<OrderRecord> Until(
        IOrderGrain grain,
        OrderRecord order,
        Func<OrderRecord, bool> holds,
        CancellationToken cancellationToken)
    {
        if (holds(order))
        {
            return order;
        }

        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(PaymentWait);
        try
        {
            OrderPosition seen = OrderPosition.Start with { Revision = order.Revision };
            await foreach ((OrderRecord version, _) in grain.Watch(seen, patience.Token))
            {
                if (holds(version))
                {
                    return version;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The payment takes its time; the order says how it stands.
        }

        return (await grain.Get()).OrThrow();
    }

    // Permission before existence: to a customer, another's order and no order look the same.
    private async Task<OrderRecord> Reached(string name, ServerCallContext context, string field = "name")
    {
        Caller caller = Caller.Of(context);
        OrderId id = OrderNames.Order(name, field).OrThrow();
        Outcome<OrderRecord> found = await Grain(id).Get();
        bool reached = found.Value is { } order && found.Fault is null
            ? caller.Reaches(order.CustomerId.Value)
            : caller.IsInternal;
        return reached ? found.OrThrow() : throw Fault.Denied("the caller may not reach this order").ToException();
    }

    private IOrderGrain Grain(OrderId id) => grains.GetGrain<IOrderGrain>(id.Value);

    private static void ThrowIfWrong(FieldChecks checks)
    {
        if (checks.Fault is { } fault)
        {
            throw fault.ToException();
        }
    }
}

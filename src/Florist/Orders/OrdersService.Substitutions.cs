using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Grpc.Core;

namespace Florist.Orders;

/// <summary>Stems in the place of others.</summary>
internal sealed partial class OrdersService
{
    public override async Task<Order> ProposeSubstitution(
        ProposeSubstitutionRequest request, ServerCallContext context)
    {
        OrderRecord order = await Reached(request.Name, context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        ThrowIfWrong(checks);
        CustomerView view = (await grains.GetGrain<ICustomerGrain>(order.CustomerId.Value).Get()).OrThrow();
        OrderDraft draft = order.Draft with { Contact = order.Contact };
        ProposeSubstitution command = new(
            requestId,
            Tag(request.Etag),
            DraftMessages.BouquetOf(request.Bouquet),
            new StemId(request.MissingStem),
            new StemId(request.SubstituteStem),
            OrderParties.Of(draft, view).OrThrow());
        return (await Grain(order.Id).Propose(command)).OrThrow().ToProto();
    }

    public override Task<Order> AcceptSubstitution(AcceptSubstitutionRequest request, ServerCallContext context) =>
        Answer(request.Name, request.RequestId, request.Etag, request.Substitution, accepts: true, context);

    public override Task<Order> DeclineSubstitution(DeclineSubstitutionRequest request, ServerCallContext context) =>
        Answer(request.Name, request.RequestId, request.Etag, request.Substitution, accepts: false, context);

    private async Task<Order> Answer(
        string name, string request, string etag, int number, bool accepts, ServerCallContext context)
    {
        (IOrderGrain order, string? requestId) = await Steered(name, request, context);
        AnswerSubstitution command =
            new(requestId, Tag(etag), number, accepts, Caller.Of(context).Principal);
        return (await order.Answer(command)).OrThrow().ToProto();
    }
}

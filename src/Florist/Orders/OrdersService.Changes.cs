using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Protos.Orders.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Florist.Orders;

/// <summary>Changes of orders by field masks.</summary>
internal sealed partial class OrdersService
{
    private static readonly ImmutableArray<string> Settable =
    [
        "delivery_contact", "lines", "delivery_date", "delivery_window", "delivery_slot", "card_message",
        "substitution_policy", "absence_policy", "occasion_category", "hazards_acknowledged",
    ];

    public override async Task<Order> UpdateOrder(UpdateOrderRequest request, ServerCallContext context)
    {
        Order asked = request.Order ?? new Order();
        OrderRecord present = await Reached(asked.Name, context);
        FieldChecks checks = new();
        string? requestId = checks.RequestId(request.RequestId);
        checks.That(request.PaymentToken.Length <= 200, "payment_token", "TOO_LONG", "is longer than 200 characters");
        ImmutableArray<string> paths = FieldMasks.Paths(request.UpdateMask, asked, Settable, checks);
        OrderDraft draft = DraftMessages.Read(Merged(present, asked, paths), present.CustomerId, checks);
        ThrowIfWrong(checks);
        if (!paths.Any(path => path is "delivery_date" or "delivery_window" or "delivery_slot"))
        {
            draft = draft with { Window = present.Draft.Window, Slot = present.Draft.Slot };
        }

        CustomerView view = (await grains.GetGrain<ICustomerGrain>(present.CustomerId.Value).Get()).OrThrow();
        ChangeOrder command = new(
            requestId,
            Tag(asked.Etag),
            Caller.Of(context).IsInternal,
            draft,
            OrderParties.Of(draft, view).OrThrow(),
            request.PaymentToken.Length == 0 ? null : request.PaymentToken,
            request.ValidateOnly);
        IOrderGrain grain = Grain(present.Id);
        OrderRecord changed = (await grain.Change(command)).OrThrow();
        return (await Paid(grain, changed, context.CancellationToken)).ToProto();
    }

    // The order as it stands with the wanted fields in it. A slot belongs to its day, and a window to its slot.
    private static Order Merged(OrderRecord present, Order asked, ImmutableArray<string> paths)
    {
        Order merged = present.ToProto();
        merged.DeliverySlot = "";
        bool elsewhen = paths.Contains("delivery_date") || paths.Contains("delivery_slot");
        if (elsewhen && !paths.Contains("delivery_window"))
        {
            merged.DeliveryWindow = null;
        }

        FieldMask mask = new();
        mask.Paths.AddRange(paths);
        mask.Merge(asked, merged, new FieldMask.MergeOptions
        {
            ReplaceMessageFields = true,
            ReplaceRepeatedFields = true,
        });
        return merged;
    }

    private static async Task<OrderRecord> Paid(
        IOrderGrain grain, OrderRecord changed, CancellationToken cancellationToken)
    {
        if (changed.PendingChange is not { } pending)
        {
            return changed;
        }

        OrderRecord settled = await Until(
            grain, changed, order => order.PendingChange is null, cancellationToken);
        return settled.Payment.Charge(pending.Charge)?.State is ChargeState.Declined
            ? throw Fault.Refused("PAYMENT_DECLINED", "the difference was declined: the order stays as it was")
                .With("name", settled.Id.Name).ToException()
            : settled;
    }
}

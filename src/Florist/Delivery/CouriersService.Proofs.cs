using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Grpc.Core;

namespace Florist.Delivery;

/// <summary>Where couriers put images of hand-overs.</summary>
internal sealed partial class CouriersService
{
    public override async Task<CreateProofUploadResponse> CreateProofUpload(
        CreateProofUploadRequest request, ServerCallContext context)
    {
        (string order, DeliveryId id) = Named(request.Parent, "parent");
        CourierId courier = Permitted(request.Courier, "courier", Caller.Of(context)).OrThrow();
        Outcome<ImmutableArray<DeliveryRecord>> all = await grains.GetGrain<IDeliveryGrain>(order).Deliveries();
        DeliveryRecord? delivery = all.Failed(out _, out ImmutableArray<DeliveryRecord> known)
            ? null
            : known.FirstOrDefault(one => one.Id == id);
        if (delivery is not { LegOpen: true } || delivery.Courier != courier)
        {
            throw Fault.Denied("the delivery is not this courier's").ToException();
        }

        (string uri, DateTimeOffset expiresAt) = links.ForPutting(order, id);
        return new CreateProofUploadResponse { UploadUri = uri, ExpireTime = expiresAt.ToProto() };
    }
}

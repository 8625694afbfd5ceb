using Florist.Delivery.Webhooks;
using Florist.Kernel;
using Proto = Florist.Protos.Delivery.V1;

namespace Florist.Delivery;

/// <summary>Assignments to messages.</summary>
internal static class AssignmentMessages
{
    public static Proto.Assignment ToProto(this CourierAssignment assignment)
    {
        bool isOffer = assignment.OfferEndsAt is not null;
        DeliveryPolicy policy = assignment.Policy;
        return new Proto.Assignment
        {
            Delivery = assignment.Name,
            Kind = isOffer ? Proto.Assignment.Types.Kind.Offer : Proto.Assignment.Types.Kind.Leg,
            Leg = assignment.Leg,
            LegReference = isOffer
                ? ""
                : new LegReference(assignment.OrderId, assignment.Delivery, assignment.Leg).ToString(),
            Attempt = assignment.Attempt,
            State = (Proto.Delivery.Types.State)((int)assignment.State + 1),
            Window = new() { StartTime = policy.Window.From.ToProto(), EndTime = policy.Window.Until.ToProto() },
            Dropoff = assignment.Dropoff is { } dropoff ? ToProto(dropoff, isOffer) : null,
            OfferExpireTime = assignment.OfferEndsAt is { } endsAt ? endsAt.ToProto() : null,
            ProofPending = assignment.ProofPending,
            SafePlaceAllowed = policy.UnattendedAllowed,
            NeighborAllowed = policy.NeighborAllowed,
            PinRequired = policy.PinRequired,
            PickupCheckRequired = policy.PickupCheckRequired,
        };
    }

    // Whoever is only asked needs to know the place, not the person.
    private static Proto.Assignment.Types.Dropoff ToProto(DeliveryDropoff dropoff, bool isOffer) => isOffer
        ? new Proto.Assignment.Types.Dropoff
        {
            Address = new()
            {
                RegionCode = dropoff.Address.RegionCode,
                PostalCode = dropoff.Address.PostalCode ?? "",
                Locality = dropoff.Address.Locality ?? "",
            },
            PlaceType = dropoff.Place,
        }
        : new Proto.Assignment.Types.Dropoff
        {
            GivenName = dropoff.GivenName,
            FamilyName = dropoff.FamilyName ?? "",
            Address = dropoff.Address.ToProto(),
            Phone = dropoff.Phone ?? "",
            AccessNote = dropoff.AccessNote ?? "",
            PlaceType = dropoff.Place,
            SafePlace = dropoff.SafePlace ?? "",
        };
}

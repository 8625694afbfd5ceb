using Florist.Kernel;
using Florist.Protos.Delivery.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Type;
using Proto = Florist.Protos.Delivery.V1.Delivery;

namespace Florist.Delivery;

/// <summary>
/// Messages of the contract to the records of this feature and back. Enums of the contract are one above ours, because
/// their 0 means unset. An event is read as it is: whether it makes sense is for the rules to say.
/// </summary>
internal static class DeliveryMessages
{
    public static AddressedReport Read(DeliveryEvent sent, CourierId courier, ReportSource source)
    {
        bool isNamed = DeliveryNames.TryDelivery(sent.Delivery, out string order, out DeliveryId delivery);
        return new(isNamed ? order : null, new CourierReport
        {
            Courier = courier,
            EventId = sent.EventId,
            Delivery = delivery,
            Leg = sent.Leg,
            Attempt = sent.Attempt,
            OccurTime = Instant(sent.OccurTime),
            Source = source,
            RawStatus = OrNull(sent.RawStatus),
            State = sent.StateReport is { } state ? Read(state) : null,
            Eta = sent.EtaReport is { } eta ? Read(eta) : null,
            Location = sent.LocationReport is { } at ? Read(at) : null,
            Note = sent.Note is { } note ? Canonical(note.Text) ?? "" : null,
        });
    }

    public static Proto ToProto(this DeliveryRecord delivery, string orderId)
    {
        Proto message = new()
        {
            Name = DeliveryNames.Delivery(orderId, delivery.Id),
            State = (Proto.Types.State)((int)delivery.State + 1),
            Courier = delivery.Courier is { } courier ? DeliveryNames.Courier(courier) : "",
            Leg = delivery.Leg,
            LegOpen = delivery.LegOpen,
            Attempt = delivery.Attempt,
            MaxAttempts = delivery.Policy.AttemptsMax,
            Outcome = (Proto.Types.Outcome)((int?)delivery.Outcome + 1 ?? 0),
            FailureReason = (Proto.Types.FailureReason)((int?)delivery.FailureReason + 1 ?? 0),
            FailureText = delivery.FailureText ?? "",
            Window = Span(delivery.Policy.Window.From, delivery.Policy.Window.Until),
            EtaWindow = delivery.Eta is { } eta ? Span(eta.Earliest, eta.Latest) : null,
            Location = delivery.Location is { } at ? ToProto(at) : null,
            Proof = ToProto(delivery.Proof),
            ProofPending = delivery.ProofPending,
            ReviewReason = delivery.ReviewReason ?? "",
            LateRisk = delivery.LateRisk,
            Late = delivery.Late,
            Stalled = delivery.Stalled,
            PreviousDelivery = delivery.PreviousDelivery is { } previous
                ? DeliveryNames.Delivery(orderId, previous)
                : "",
            UpdateTime = delivery.LastNewsAt.ToProto(),
            Etag = delivery.Etag,
            OfferedCourier = delivery.Offer is { } offer ? DeliveryNames.Courier(offer.Courier) : "",
            OfferExpireTime = delivery.Offer is { } open ? open.ExpiresAt.ToProto() : null,
            DriverGivenName = delivery.DriverName ?? "",
        };
        message.Milestones.AddRange(delivery.Milestones.Select(ToProto));
        return message;
    }

    public static UpdateResult ToProto(this ReportAnswer answer, long sequence) => new()
    {
        Sequence = sequence,
        EventId = answer.EventId,
        Disposition = (UpdateResult.Types.Disposition)((int)answer.Disposition + 1),
        FirstDisposition = (UpdateResult.Types.Disposition)((int?)answer.First + 1 ?? 0),
        Reason = answer.Reason ?? "",
        ClockSkewed = answer.Flags.HasFlag(ReportFlags.ClockSkew),
        ReviewNeeded = answer.Flags.HasFlag(ReportFlags.NeedsReview),
        ProofPending = answer.Flags.HasFlag(ReportFlags.ProofPending),
        State = (Proto.Types.State)((int?)answer.State + 1 ?? 0),
        Status = answer.Fault?.ToStatus(),
    };

    public static RejectedUpdate ToProto(this RejectedReport rejected, CourierId courier) => new()
    {
        Name = DeliveryNames.Courier(courier)
            + $"/rejectedUpdates/{rejected.Number}-{rejected.ProducerId.TrimStart('_')}",
        ProducerId = rejected.ProducerId.StartsWith('_') ? "" : rejected.ProducerId,
        Sequence = rejected.Sequence,
        Event = rejected.EventBase64 is { } bytes
            ? DeliveryEvent.Parser.ParseFrom(Convert.FromBase64String(bytes))
            : null,
        Status = rejected.Fault.ToStatus(),
        ReceiveTime = rejected.ReceivedAt.ToProto(),
    };

    /// <summary>The dead letter of an event.</summary>
    public static RejectedReport ToRejected(this DeliveryEvent? sent, Fault fault, long sequence) => new()
    {
        Sequence = sequence,
        EventBase64 = sent is null ? null : Convert.ToBase64String(sent.ToByteArray()),
        Fault = fault,
    };

    private static StateReport Read(DeliveryEvent.Types.StateReport sent) => new()
    {
        State = FieldReads.Known<DeliveryState>((int)sent.State),
        Outcome = FieldReads.Known<DeliveryOutcome>((int)sent.Outcome),
        FailureReason = FieldReads.Known<FailureReason>((int)sent.FailureReason),
        FailureText = Canonical(sent.FailureText),
        Proof = sent.Proof is null ? null : new DeliveryProof
        {
            PhotoUri = OrNull(sent.Proof.PhotoUri),
            PhotoSha256 = OrNull(sent.Proof.PhotoSha256),
            SignatureUri = OrNull(sent.Proof.SignatureUri),
            SignedBy = Canonical(sent.Proof.Signer),
            PinVerified = sent.Proof.PinVerified,
            SafePlace = Canonical(sent.Proof.SafePlace),
        },
        PickupChecked = sent.PickupChecked,
        DriverName = Canonical(sent.DriverGivenName),
    };

    private static EtaReport Read(DeliveryEvent.Types.EtaReport sent) => new()
    {
        Earliest = Instant(sent.EarliestTime),
        Latest = Instant(sent.LatestTime),
        NearDropoff = sent.NearDropoff,
    };

    // A position that is absent, or no number, becomes one that fails the checks and can still be stored as JSON.
    private static LocationReport Read(DeliveryEvent.Types.LocationReport sent) =>
        new(Degrees(sent.Position?.Latitude), Degrees(sent.Position?.Longitude));

    private static double Degrees(double? sent) => sent is { } degrees && double.IsFinite(degrees) ? degrees : 999;

    /// <summary>An instant of the years that there are; null for none, or another.</summary>
    public static DateTimeOffset? Instant(Timestamp? sent)
    {
        const long SecondsMin = -62_135_596_800;
        const long SecondsMax = 253_402_300_799;
        return sent is { Seconds: >= SecondsMin and <= SecondsMax, Nanos: >= 0 and < 1_000_000_000 }
            ? sent.ToDateTimeOffset()
            : null;
    }

    // Not the canonical form of a text that has none; the checks refuse it.
    private static string? Canonical(string text) =>
        string.IsNullOrWhiteSpace(text) ? null : CanonicalText.TryMake(text, out string canonical) ? canonical : text;

    private static string? OrNull(string text) => text.Length == 0 ? null : text;

    private static Proto.Types.Window Span(DateTimeOffset from, DateTimeOffset until) =>
        new() { StartTime = from.ToProto(), EndTime = until.ToProto() };

    private static Proto.Types.Location ToProto(CourierLocation at) => new()
    {
        Position = new LatLng { Latitude = at.Latitude, Longitude = at.Longitude },
        OccurTime = at.At.ToProto(),
    };

    private static Proto.Types.Milestone ToProto(Milestone milestone) => new()
    {
        Kind = (Proto.Types.Milestone.Types.Kind)((int)milestone.Kind + 1),
        Attempt = milestone.Attempt,
        OccurTime = milestone.At.ToProto(),
        Inferred = milestone.Inferred,
    };

    private static Proto.Types.Proof ToProto(DeliveryProof proof) => new()
    {
        PhotoUri = proof.PhotoUri ?? "",
        PhotoSha256 = proof.PhotoSha256 ?? "",
        SignatureUri = proof.SignatureUri ?? "",
        Signer = proof.SignedBy ?? "",
        PinVerified = proof.PinVerified,
        SafePlace = proof.SafePlace ?? "",
    };
}

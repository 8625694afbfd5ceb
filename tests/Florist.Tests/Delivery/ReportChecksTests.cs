using Florist.Delivery;
using Florist.Kernel;

namespace Florist.Tests.Delivery;

public sealed class ReportChecksTests
{
    private static readonly CourierReport Delivered = Deliveries.Report(DeliveryState.Delivered);

    public static TheoryData<string, string?, CourierReport> Reports() => new()
    {
        { "as it should be", null, Delivered },
        { "event id", "INVALID_EVENT_ID", Delivered with { EventId = "" } },
        { "event id of 64", null, Delivered with { EventId = new string('e', 64) } },
        { "event id of 65", "INVALID_EVENT_ID", Delivered with { EventId = new string('e', 65) } },
        { "event id with a blank", "INVALID_EVENT_ID", Delivered with { EventId = "a b" } },
        { "event id beyond ASCII", "INVALID_EVENT_ID", Delivered with { EventId = "é" } },
        { "leg", "REQUIRED", Delivered with { Leg = 0 } },
        { "attempt", "NEGATIVE", Delivered with { Attempt = -1 } },
        { "time", "REQUIRED", Delivered with { OccurTime = null } },
        { "raw status", "TOO_LONG", Delivered with { RawStatus = new string('r', 129) } },
        { "two contents", "UNKNOWN_REPORT", Delivered with { Note = "and" } },
        { "no content", "UNKNOWN_REPORT", Delivered with { State = null } },
        { "unknown state", "STATE_NOT_REPORTABLE", State(new StateReport()) },
        { "pending", "STATE_NOT_REPORTABLE", State(new StateReport { State = DeliveryState.Pending }) },
        { "cancelled", "STATE_NOT_REPORTABLE", State(new StateReport { State = DeliveryState.Cancelled }) },
        {
            "early outcome", "NOT_DELIVERED",
            State(new() { State = DeliveryState.Arrived, Outcome = DeliveryOutcome.LeftAtReception })
        },
        { "late outcome", null, State(new StateReport { State = DeliveryState.Delivered }) },
        { "failed, no reason", "REQUIRED", State(new StateReport { State = DeliveryState.AttemptFailed }) },
        { "returning, no reason", "REQUIRED", State(new StateReport { State = DeliveryState.Returning }) },
        { "lost, no reason", "REQUIRED", State(new StateReport { State = DeliveryState.Failed }) },
        {
            "lost at home", "NOT_A_LOSS",
            State(new() { State = DeliveryState.Failed, FailureReason = FailureReason.RecipientNotHome })
        },
        { "damaged", null, State(new() { State = DeliveryState.Failed, FailureReason = FailureReason.ItemDamaged }) },
        {
            "other, no words", "REQUIRED",
            State(new() { State = DeliveryState.Returning, FailureReason = FailureReason.Other })
        },
        {
            "other, with words", null,
            State(new() { State = DeliveryState.Returning, FailureReason = FailureReason.Other, FailureText = "flood" })
        },
        { "photo without hash", "REQUIRED", Proof(new() { PhotoUri = "https://p.example/1" }) },
        { "hash without photo", "REQUIRED", Proof(new() { PhotoSha256 = new string('a', 64) }) },
        { "hash in capitals", "INVALID_HASH", Photo("https://p.example/1", 'A') },
        { "photo", null, Photo("https://p.example/1", 'a') },
        { "photo by http", "INVALID_URI", Photo("http://p.example/1", 'a') },
        { "signature nowhere", "INVALID_URI", Proof(new() { SignatureUri = "here" }) },
        { "long signer", "TOO_LONG", Proof(new() { SignedBy = new string('s', 61) }) },
        { "long place", "TOO_LONG", Proof(new() { SafePlace = new string('s', 81) }) },
        { "estimate", "INVALID_WINDOW", Eta(0, -1) },
        { "point estimate", null, Eta(0, 0) },
        {
            "half estimate", "INVALID_WINDOW",
            Delivered with { State = null, Eta = new EtaReport { Earliest = Deliveries.Noon } }
        },
        { "south of the pole", "INVALID_POSITION", Delivered with { State = null, Location = new(-90.1, 0) } },
        { "nowhere", "INVALID_POSITION", Delivered with { State = null, Location = new(double.NaN, 0) } },
        { "date line", null, Delivered with { State = null, Location = new(90, -180) } },
        { "long note", "TOO_LONG", Delivered with { State = null, Note = new string('n', 501) } },
        { "blank note", "REQUIRED", Delivered with { State = null, Note = " " } },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_report_is_refused_for_what_is_wrong_with_it(string what, string? reason, CourierReport report)
    {
        Fault? fault = ReportChecks.Find(report);

        Assert.True(fault?.Reason == reason, $"{what}: {fault?.Reason}");
    }

    [Fact]
    public void All_mistakes_are_told_at_once_with_the_paths_of_the_message()
    {
        Fault? fault = ReportChecks.Find(Delivered with { EventId = "", Leg = 0, OccurTime = null });

        Assert.Equal(
            ["event.event_id", "event.leg", "event.occur_time"],
            fault!.Fields.Select(field => field.Field));
    }

    private static CourierReport State(StateReport report) => Delivered with { State = report };

    private static CourierReport Proof(DeliveryProof proof) =>
        State(new StateReport { State = DeliveryState.Delivered, Proof = proof });

    private static CourierReport Photo(string uri, char digit) =>
        Proof(new DeliveryProof { PhotoUri = uri, PhotoSha256 = new string(digit, 64) });

    private static CourierReport Eta(int earliest, int latest) => Delivered with
    {
        State = null,
        Eta = new EtaReport
        {
            Earliest = Deliveries.Noon + TimeSpan.FromMinutes(earliest),
            Latest = Deliveries.Noon + TimeSpan.FromMinutes(latest),
        },
    };
}

using System.Buffers;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>
/// Whether a report can be understood at all: rule 2. Looks at the report alone, so a repeat fares the same.
/// </summary>
internal static class ReportChecks
{
    public const int EventIdLengthMax = 64;
    public const int RawStatusLengthMax = 128;
    public const int NoteLengthMax = 500;
    public const int UriLengthMax = 200;
    public const int TextLengthMax = 80;
    public const int SignedByLengthMax = 60;
    public const int DriverNameLengthMax = 40;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>All mistakes of the report as one fault; null when there are none.</summary>
    public static Fault? Find(CourierReport report)
    {
        FieldChecks checks = new();
        checks.That(
            report.EventId.Length is > 0 and <= EventIdLengthMax && IsPrintable(report.EventId),
            "event.event_id", "INVALID_EVENT_ID", $"must be 1 to {EventIdLengthMax} printable ASCII characters");
        checks.That(report.Leg >= 1, "event.leg", "REQUIRED", "must be the number of a leg, from 1");
        checks.That(report.Attempt >= 0, "event.attempt", "NEGATIVE", "must not be negative");
        checks.That(report.OccurTime is not null, "event.occur_time", "REQUIRED", "is required");
        checks.OptionalText("event.raw_status", report.RawStatus, RawStatusLengthMax);

        int contents = (report.State is null ? 0 : 1) + (report.Eta is null ? 0 : 1)
            + (report.Location is null ? 0 : 1) + (report.Note is null ? 0 : 1);
        checks.That(contents == 1, "event.report", "UNKNOWN_REPORT", "must be one report of a known kind");
        CheckState(checks, report.State);
        CheckEta(checks, report.Eta);
        CheckLocation(checks, report.Location);
        if (report.Note is not null)
        {
            checks.Text("event.note.text", report.Note, NoteLengthMax);
        }

        return checks.Fault;
    }

    private static void CheckState(FieldChecks checks, StateReport? report)
    {
        if (report is null)
        {
            return;
        }

        checks.That(
            report.State is not (null or DeliveryState.Pending or DeliveryState.Cancelled),
            "event.state_report.state",
            "STATE_NOT_REPORTABLE",
            "must be a state from ASSIGNED on that couriers report");
        checks.That(
            report.Outcome is null || report.State == DeliveryState.Delivered,
            "event.state_report.outcome", "NOT_DELIVERED", "only goes with DELIVERED");
        checks.OptionalText("event.state_report.failure_text", report.FailureText, TextLengthMax);
        checks.OptionalText("event.state_report.driver_given_name", report.DriverName, DriverNameLengthMax);
        CheckReason(checks, report);
        CheckProof(checks, report.Proof);
    }

    private static void CheckReason(FieldChecks checks, StateReport report)
    {
        const string Field = "event.state_report.failure_reason";
        if (report.State is DeliveryState.AttemptFailed or DeliveryState.Returning or DeliveryState.Failed)
        {
            checks.That(report.FailureReason is not null, Field, "REQUIRED", "is required with this state");
        }

        checks.That(
            report.State != DeliveryState.Failed || report.FailureReason is null or FailureReason.ItemDamaged
                or FailureReason.Lost or FailureReason.Accident or FailureReason.CouldNotReturn,
            Field, "NOT_A_LOSS", "must be ITEM_DAMAGED, LOST, ACCIDENT or COULD_NOT_RETURN with FAILED");
        checks.That(
            report.FailureReason != FailureReason.Other || !string.IsNullOrWhiteSpace(report.FailureText),
            "event.state_report.failure_text", "REQUIRED", "is required with OTHER");
    }

    private static void CheckProof(FieldChecks checks, DeliveryProof? proof)
    {
        if (proof is null)
        {
            return;
        }

        CheckUri(checks, "event.state_report.proof.photo_uri", proof.PhotoUri);
        CheckUri(checks, "event.state_report.proof.signature_uri", proof.SignatureUri);
        checks.That(
            proof.PhotoSha256 is null || (proof.PhotoSha256.Length == 64 && !proof.PhotoSha256.ContainsAnyExcept(Hex)),
            "event.state_report.proof.photo_sha256", "INVALID_HASH", "must be 64 lower-case hexadecimal digits");
        checks.That(
            (proof.PhotoUri is null) == (proof.PhotoSha256 is null),
            "event.state_report.proof.photo_sha256", "REQUIRED", "goes together with photo_uri");
        checks.OptionalText("event.state_report.proof.signer", proof.SignedBy, SignedByLengthMax);
        checks.OptionalText("event.state_report.proof.safe_place", proof.SafePlace, TextLengthMax);
    }

    private static void CheckUri(FieldChecks checks, string field, string? uri) => checks.That(
        uri is null || (uri.Length <= UriLengthMax && (ProofImage.Read(uri) is not null || IsHttps(uri))),
        field, "INVALID_URI", $"must be an image's name, or an https address of at most {UriLengthMax} characters");

    private static bool IsHttps(string uri) => IsPrintable(uri)
        && Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) && parsed.Scheme == Uri.UriSchemeHttps;

    private static void CheckEta(FieldChecks checks, EtaReport? eta)
    {
        if (eta is not null)
        {
            checks.That(
                eta.Earliest is { } earliest && eta.Latest is { } latest && earliest <= latest,
                "event.eta_report", "INVALID_WINDOW", "must have an earliest and a not earlier latest time");
        }
    }

    private static void CheckLocation(FieldChecks checks, LocationReport? location)
    {
        // Written so that NaN fails too.
        checks.That(
            location is null || (location.Latitude is >= -90 and <= 90 && location.Longitude is >= -180 and <= 180),
            "event.location_report.position", "INVALID_POSITION", "must be degrees within -90 to 90 and -180 to 180");
    }

    private static bool IsPrintable(string text) => !text.AsSpan().ContainsAnyExceptInRange('!', '~');
}

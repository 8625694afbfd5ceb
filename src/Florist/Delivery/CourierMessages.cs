using System.Buffers;
using System.Collections.Immutable;
using Florist.Kernel;
using Google.Protobuf.WellKnownTypes;
using Proto = Florist.Protos.Delivery.V1;

namespace Florist.Delivery;

/// <summary>Couriers and their keys to messages and back.</summary>
internal static class CourierMessages
{
    private const int DisplayNameLengthMax = 100;
    private const int SecretLengthMin = 16;
    private const int SecretLengthMax = 200;
    private const string SealPurpose = "courier-webhook";

    /// <summary>The fields that an update may name.</summary>
    public static readonly ImmutableArray<string> Settable =
        ["display_name", "webhook_vocabulary", "webhook_secret"];

    private static readonly SearchValues<char> Printable =
        SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)]);

    /// <summary>What is said about a courier; of an update only the paths that it names.</summary>
    public static CourierProfile Read(
        Proto.Courier sent, CourierId id, ImmutableArray<string> paths, FieldChecks checks, ISeal seal, IIds ids)
    {
        WebhookVocabulary? vocabulary = FieldReads.Known<WebhookVocabulary>((int)sent.WebhookVocabulary);
        checks.That(
            vocabulary is not null || (int)sent.WebhookVocabulary == 0,
            "courier.webhook_vocabulary", "UNKNOWN_VOCABULARY", "must be one that this version knows");
        string secret = paths.Contains("webhook_secret") ? sent.WebhookSecret : "";
        checks.That(
            secret.Length is 0 or (>= SecretLengthMin and <= SecretLengthMax)
                && !secret.AsSpan().ContainsAnyExcept(Printable),
            "courier.webhook_secret", "INVALID_SECRET", "must be 16 to 200 printable ASCII characters");
        return new CourierProfile
        {
            DisplayName = paths.Contains("display_name")
                ? checks.Text("courier.display_name", sent.DisplayName, DisplayNameLengthMax)
                : "",
            Webhooks = vocabulary,
            SealedSecret = secret.Length > 0 ? seal.Seal(SealPurpose, secret) : null,
            SecretTag = secret.Length > 0 ? ids.Derived(id.Value, SealPurpose, secret) : null,
        };
    }

    /// <summary>The secret of a courier's webhooks; null when it was sealed by another installation.</summary>
    public static string? Secret(this WebhookTerms terms, ISeal seal) =>
        seal.TryOpen(SealPurpose, terms.SealedSecret, out string? secret) ? secret : null;

    public static Proto.Courier ToProto(this CourierView courier)
    {
        Proto.Courier message = new()
        {
            Name = DeliveryNames.Courier(courier.Id),
            DisplayName = courier.DisplayName,
            State = courier.IsDisabled ? Proto.Courier.Types.State.Disabled : Proto.Courier.Types.State.Active,
            WebhookVocabulary = (Proto.Courier.Types.WebhookVocabulary)((int?)courier.Webhooks + 1 ?? 0),
            WebhookSecretSet = courier.HasWebhookSecret,
            CreateTime = courier.CreatedAt.ToProto(),
            UpdateTime = courier.UpdatedAt.ToProto(),
            Etag = courier.Etag,
        };
        message.Keys.AddRange(courier.Keys.Select(key => key.ToProto(courier.Id)));
        message.Quarantines.AddRange(courier.Quarantines.Select(shut => new Proto.Courier.Types.Quarantine
        {
            ProducerId = shut.ProducerId,
            StartTime = shut.Since.ToProto(),
            Updates = shut.Updates,
            Rejected = shut.Rejected,
        }));
        return message;
    }

    public static Proto.CourierKey ToProto(this CourierKey key, CourierId courier, string secret = "") => new()
    {
        Name = $"{DeliveryNames.Courier(courier)}/keys/{key.Id}",
        Secret = secret,
        CreateTime = key.CreatedAt.ToProto(),
        ExpireTime = key.ExpiresAt is { } expiresAt ? expiresAt.ToProto() : null,
        RevokeTime = key.RevokedAt is { } revokedAt ? revokedAt.ToProto() : null,
    };

    /// <summary>When a new key is to end; null for never.</summary>
    public static DateTimeOffset? ReadExpiry(Timestamp? sent, DateTimeOffset now, FieldChecks checks)
    {
        if (sent is null)
        {
            return null;
        }

        DateTimeOffset? at = DeliveryMessages.Instant(sent);
        checks.That(
            at > now && at <= now.AddYears(5),
            "expire_time", "OUT_OF_RANGE", "must be in the future, and at most 5 years ahead");
        return at;
    }

    /// <summary>How long a replaced key goes on working.</summary>
    public static TimeSpan ReadOverlap(Duration? sent, FieldChecks checks)
    {
        if (sent is null)
        {
            return TimeSpan.FromHours(24);
        }

        bool fits = sent.Seconds is >= 0 and <= 30 * 24 * 3600L && sent.Nanos is >= 0 and < 1_000_000_000;
        checks.That(fits, "overlap", "OUT_OF_RANGE", "must be 0 seconds to 30 days");
        return fits ? sent.ToTimeSpan() : TimeSpan.Zero;
    }
}

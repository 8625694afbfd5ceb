using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;
using Orleans;

namespace Florist.Delivery;

/// <summary>
/// One partner courier: who it is, the keys that it calls with, and which of its producers are shut out. The key is the
/// courier's id. Keys and quarantines need a courier that was created; a standing has every courier.
/// </summary>
public interface ICourierGrain : IGrainWithStringKey
{
    /// <summary>The courier; NotFound when it was not created.</summary>
    Task<Outcome<CourierView>> Get();

    /// <summary>Creates the courier. Safe to repeat with the same request id.</summary>
    /// <returns>The courier; Exists.</returns>
    Task<Outcome<CourierView>> Create(CreateCourier command);

    /// <summary>Changes what is known about it. Safe to repeat with the same request id.</summary>
    /// <returns>The courier; Stale; NotFound.</returns>
    Task<Outcome<CourierView>> Update(UpdateCourier command);

    /// <summary>
    /// Lets it work or not: a disabled courier's calls are refused and its streams end. Safe to repeat.
    /// </summary>
    /// <returns>The courier; Stale; NotFound.</returns>
    Task<Outcome<CourierView>> Enable(EnableCourier command);

    /// <summary>Adds an access key. Safe to repeat with the same request id.</summary>
    /// <returns>The key; TooMany (<c>COURIER_KEYS_LIMIT</c>) beyond 5 that work; NotFound.</returns>
    Task<Outcome<IssuedKey>> IssueKey(IssueCourierKey command);

    /// <summary>Ends an access key for good: at once, or later when it is being replaced. Safe to repeat.</summary>
    /// <returns>The key; NotFound.</returns>
    Task<Outcome<CourierKey>> RevokeKey(RevokeCourierKey command);

    /// <summary>Who calls with a key.</summary>
    /// <returns>When the key ends, null for never; Denied when it does not work.</returns>
    Task<Outcome<KeyAdmission>> Admit(string keyId, string secretHash);

    /// <summary>
    /// Why a courier may not go on: Denied (<c>COURIER_DISABLED</c>, <c>KEY_REVOKED</c>), or Refused
    /// (<c>COURIER_QUARANTINED</c>) for the producer asked about. Done when it may, as any that was not created.
    /// </summary>
    /// <param name="keyId">The key that the call began with; null for another credential.</param>
    /// <param name="producer">The producer; null when it does not matter.</param>
    Task<Outcome<Done>> Standing(string? keyId, string? producer);

    /// <summary>Shuts a producer out until staff lifts it; publishes the alert. Safe to repeat.</summary>
    Task<Done> Quarantine(QuarantineProducer command);

    /// <summary>Lets a producer in again. Safe to repeat.</summary>
    /// <returns>What is known of the courier; NotFound when that producer is not shut out.</returns>
    Task<Outcome<CourierView>> LiftQuarantine(LiftQuarantine command);

    /// <summary>How the courier's webhooks are read; Denied when it has none, or is disabled.</summary>
    Task<Outcome<WebhookTerms>> Webhook();
}

/// <summary>A courier as others see it: without secrets.</summary>
public sealed record CourierView
{
    /// <summary>Its id.</summary>
    public CourierId Id { get; init; } = new("");

    /// <summary>Its name, for people; 1 to 100 characters.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>True while it may not work.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>The vocabulary of its webhooks; null when it sends none.</summary>
    public WebhookVocabulary? Webhooks { get; init; }

    /// <summary>True when a secret for its webhooks is set.</summary>
    public bool HasWebhookSecret { get; init; }

    /// <summary>Its access keys, oldest first.</summary>
    public ImmutableArray<CourierKey> Keys { get; init; } = [];

    /// <summary>Its producers that are shut out.</summary>
    public ImmutableArray<ProducerQuarantine> Quarantines { get; init; } = [];

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it changed last.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Counts its changes.</summary>
    public long Revision { get; init; }

    /// <summary>The revision as an etag (RFC 7232, quoted).</summary>
    [JsonIgnore]
    public string Etag => $"\"{Revision}\"";
}

/// <summary>The words that a courier's webhooks speak.</summary>
public enum WebhookVocabulary
{
    /// <summary>Uber Direct: signed, each event with an id, in any order.</summary>
    Uber,

    /// <summary>Stuart: unsigned, without ids, and running backwards on a return.</summary>
    Stuart,
}

/// <summary>An access key, without its secret, of which only a hash is kept.</summary>
public sealed record CourierKey
{
    /// <summary>Its id within the courier.</summary>
    public string Id { get; init; } = "";

    /// <summary>SHA-256 of the secret, in lower-case hexadecimal digits; empty in answers.</summary>
    public string SecretHash { get; init; } = "";

    /// <summary>When it was issued.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it does not work; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was revoked; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    internal bool Works(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}

/// <summary>A producer that is shut out because most of what it sent was rejected.</summary>
public sealed record ProducerQuarantine
{
    /// <summary>The producer.</summary>
    public string ProducerId { get; init; } = "";

    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>Updates within the last five minutes.</summary>
    public int Updates { get; init; }

    /// <summary>How many of them were rejected.</summary>
    public int Rejected { get; init; }
}

/// <summary>Creates a courier.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Profile">What is known about it.</param>
public sealed record CreateCourier(string? RequestId, CourierProfile Profile);

/// <summary>Changes a courier.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="Profile">What is known about it from now on.</param>
/// <param name="Paths">Which fields of the contract's message change.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
public sealed record UpdateCourier(
    string? RequestId, CourierProfile Profile, ImmutableArray<string> Paths, string? Etag);

/// <summary>What people say about a courier.</summary>
public sealed record CourierProfile
{
    /// <summary>Its name, for people; 1 to 100 characters.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The vocabulary of its webhooks; null when it sends none.</summary>
    public WebhookVocabulary? Webhooks { get; init; }

    /// <summary>The secret of its webhooks, sealed anew each time; null for none.</summary>
    public string? SealedSecret { get; init; }

    /// <summary>Tells one secret from another without telling what it is; null for none.</summary>
    public string? SecretTag { get; init; }
}

/// <summary>Lets a courier work or not.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="IsEnabled">Whether it may work.</param>
/// <param name="Etag">The version decided upon; null accepts any.</param>
public sealed record EnableCourier(string? RequestId, bool IsEnabled, string? Etag);

/// <summary>Adds an access key.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="KeyId">Its id, made by the caller.</param>
/// <param name="SecretHash">SHA-256 of its secret.</param>
/// <param name="ExpiresAt">From when on it does not work; null for never.</param>
/// <param name="Replaces">The key that it takes the place of; null for none.</param>
/// <param name="Overlap">How long the replaced key works beside it.</param>
public sealed record IssueCourierKey(
    string? RequestId,
    string KeyId,
    string SecretHash,
    DateTimeOffset? ExpiresAt,
    string? Replaces,
    TimeSpan Overlap);

/// <summary>A key as it was issued.</summary>
/// <param name="Key">The key.</param>
/// <param name="IsNew">False for a repeat, whose secret is not known any more.</param>
public sealed record IssuedKey(CourierKey Key, bool IsNew);

/// <summary>Ends an access key.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="KeyId">Which.</param>
public sealed record RevokeCourierKey(string? RequestId, string KeyId);

/// <summary>A key that works.</summary>
/// <param name="ExpiresAt">From when on it does not; null for never.</param>
public sealed record KeyAdmission(DateTimeOffset? ExpiresAt);

/// <summary>Shuts a producer out.</summary>
/// <param name="ProducerId">Which.</param>
/// <param name="Updates">Updates within the last five minutes.</param>
/// <param name="Rejected">How many of them were rejected.</param>
public sealed record QuarantineProducer(string ProducerId, int Updates, int Rejected);

/// <summary>Lets a producer in again.</summary>
/// <param name="RequestId">Makes a repeat safe; null when the caller gave none.</param>
/// <param name="ProducerId">Which.</param>
public sealed record LiftQuarantine(string? RequestId, string ProducerId);

/// <summary>How webhooks are read.</summary>
/// <param name="Vocabulary">In which words.</param>
/// <param name="SealedSecret">Checked by this secret, sealed.</param>
public sealed record WebhookTerms(WebhookVocabulary Vocabulary, string SealedSecret);

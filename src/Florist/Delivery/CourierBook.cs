using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Delivery;

/// <summary>The state of one courier, with its rules. There is one for a courier that was never created, too.</summary>
internal sealed record CourierBook : IDurableState<CourierBook>
{
    /// <summary>The table by which couriers are listed.</summary>
    public const string Table = "courier_index";

    public const int KeysMax = 5;
    private const int KeysRemembered = 20;
    private const int QuarantinesMax = 100;

    public CourierId Id { get; init; } = new("");

    public CourierProfile Profile { get; init; } = new();

    public bool IsDisabled { get; init; }

    public ImmutableArray<CourierKey> Keys { get; init; } = [];

    public ImmutableArray<ProducerQuarantine> Quarantines { get; init; } = [];

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public long Revision { get; init; }

    [JsonIgnore]
    public bool Exists => Profile.DisplayName.Length > 0;

    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    private string Name => DeliveryNames.Courier(Id);

    public CourierBook With(Effects effects) => this with { Effects = effects };

    public CourierView View() => new()
    {
        Id = Id,
        DisplayName = Profile.DisplayName,
        IsDisabled = IsDisabled,
        Webhooks = Profile.Webhooks,
        HasWebhookSecret = Profile.SealedSecret is not null,
        Keys = [.. Keys.Select(key => key with { SecretHash = "" })],
        Quarantines = Quarantines,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        Revision = Revision,
    };

    public Outcome<CourierBook> Create(CourierId id, CreateCourier command, DateTimeOffset now)
    {
        if (Exists)
        {
            return Fault.Exists(Name);
        }

        return Unchecked(command.Profile) is { } fault
            ? fault
            : Changed(this with { Id = id, Profile = command.Profile, CreatedAt = now }, now);
    }

    public Outcome<CourierBook> Update(UpdateCourier command, DateTimeOffset now)
    {
        if (Unless(command.Etag) is { } refused)
        {
            return refused;
        }

        CourierProfile sent = command.Profile;
        CourierProfile next = Profile with
        {
            DisplayName = command.Paths.Contains("display_name") ? sent.DisplayName : Profile.DisplayName,
            Webhooks = command.Paths.Contains("webhook_vocabulary") ? sent.Webhooks : Profile.Webhooks,
        };
        next = command.Paths.Contains("webhook_secret")
            ? next with { SealedSecret = sent.SealedSecret, SecretTag = sent.SecretTag }
            : next;
        return Unchecked(next) is { } fault ? fault : Changed(this with { Profile = next }, now);
    }

    public Outcome<CourierBook> Enable(EnableCourier command, DateTimeOffset now)
    {
        if (Unless(command.Etag) is { } fault)
        {
            return fault;
        }

        return IsDisabled != command.IsEnabled ? this : Changed(this with { IsDisabled = !command.IsEnabled }, now);
    }

    public Outcome<CourierBook> Issue(IssueCourierKey command, DateTimeOffset now)
    {
        if (Unless(etag: null) is { } fault)
        {
            return fault;
        }

        CourierKey? replaced = command.Replaces is null ? null : Key(command.Replaces);
        if (command.Replaces is not null && replaced is null)
        {
            return Fault.NotFound($"{Name}/keys/{command.Replaces}");
        }

        if (Keys.Count(key => key.Works(now)) >= KeysMax + (replaced?.Works(now) == true ? 1 : 0))
        {
            return Fault.TooMany("COURIER_KEYS_LIMIT", $"a courier can have {KeysMax} keys that work")
                .With("keysMax", $"{KeysMax}");
        }

        CourierKey added = new()
        {
            Id = command.KeyId,
            SecretHash = command.SecretHash,
            CreatedAt = now,
            ExpiresAt = command.ExpiresAt,
        };
        ImmutableArray<CourierKey> keys = replaced is null ? Keys : Keys.Replace(replaced, replaced with
        {
            ExpiresAt = Earlier(replaced.ExpiresAt, now + command.Overlap),
        });
        return Changed(this with { Keys = Forgotten(keys, now).Add(added) }, now);
    }

    public Outcome<CourierBook> Revoke(RevokeCourierKey command, DateTimeOffset now)
    {
        if (Key(command.KeyId) is not { } key)
        {
            return Fault.NotFound($"{Name}/keys/{command.KeyId}");
        }

        return key.RevokedAt is not null
            ? this
            : Changed(this with { Keys = Keys.Replace(key, key with { RevokedAt = now }) }, now);
    }

    public Outcome<KeyAdmission> Admit(string keyId, string secretHash, DateTimeOffset now)
    {
        // The hash is compared for an unknown key too, so that the time tells nothing.
        CourierKey? key = Key(keyId);
        bool matches = CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(key?.SecretHash ?? new string('0', secretHash.Length)),
            Encoding.ASCII.GetBytes(secretHash));
        return key is not null && matches && key.Works(now)
            ? new KeyAdmission(key.ExpiresAt)
            : Fault.Denied("the key does not work") with { Reason = "KEY_REVOKED" };
    }

    public Outcome<Done> Standing(string? keyId, string? producer)
    {
        if (IsDisabled)
        {
            return Disabled;
        }

        if (keyId is not null && Key(keyId)?.RevokedAt is not null)
        {
            return Fault.Denied("the key was revoked") with { Reason = "KEY_REVOKED" };
        }

        return producer is not null && Quarantines.Any(shut => shut.ProducerId == producer)
            ? Quarantined
            : Done.Value;
    }

    public CourierBook Quarantine(CourierId id, QuarantineProducer command, DateTimeOffset now)
    {
        if (Quarantines.Any(shut => shut.ProducerId == command.ProducerId))
        {
            return this;
        }

        ProducerQuarantine shut = new()
        {
            ProducerId = command.ProducerId,
            Since = now,
            Updates = command.Updates,
            Rejected = command.Rejected,
        };
        CourierQuarantined alert = new(id, command.ProducerId, now, command.Updates, command.Rejected);

        // Whoever makes up producers to be shut out gets nothing for it but the loss of the oldest entry.
        ImmutableArray<ProducerQuarantine> kept =
            Quarantines.Length < QuarantinesMax ? Quarantines : Quarantines.RemoveAt(0);
        CourierBook next = this with
        {
            Id = id,
            Quarantines = kept.Add(shut),
            Effects = Effects.Send(OutboxMessage.Of(
                DeliveryEvents.CourierQuarantined,
                $"{DeliveryEvents.CourierQuarantined}:{id}:{command.ProducerId}:{now.UtcTicks}",
                alert)),
        };
        return Changed(next, now);
    }

    public Outcome<CourierBook> Lift(LiftQuarantine command, DateTimeOffset now)
    {
        ProducerQuarantine? shut = Quarantines.FirstOrDefault(shut => shut.ProducerId == command.ProducerId);
        return shut is null
            ? Fault.NotFound($"{Name}/producers/{command.ProducerId}")
            : Changed(this with { Quarantines = Quarantines.Remove(shut) }, now);
    }

    public Outcome<WebhookTerms> Webhook() => IsDisabled
        ? Disabled
        : Profile is { Webhooks: { } vocabulary, SealedSecret: { } secret }
            ? new WebhookTerms(vocabulary, secret)
            : Fault.Denied("the courier sends no webhooks");

    /// <summary>The courier may not work.</summary>
    public static Fault Disabled => Fault.Denied("the courier is disabled") with { Reason = "COURIER_DISABLED" };

    /// <summary>The producer is shut out.</summary>
    public static Fault Quarantined => Fault.Refused(
        "COURIER_QUARANTINED", "most of this producer's updates were rejected; call us before you go on");

    private static Fault? Unchecked(CourierProfile profile) => profile is { Webhooks: not null, SealedSecret: null }
        ? Fault.Invalid("courier.webhook_secret", "REQUIRED", "goes with webhook_vocabulary")
        : null;

    private CourierKey? Key(string keyId) => Keys.FirstOrDefault(key => key.Id == keyId);

    private Fault? Unless(string? etag) => !Exists
        ? Fault.NotFound(Name)
        : etag is null || etag == View().Etag ? null : Fault.Stale(Name);

    private static CourierBook Changed(CourierBook book, DateTimeOffset now)
    {
        CourierBook next = book with { Revision = book.Revision + 1, UpdatedAt = now };
        return !next.Exists ? next : next.With(next.Effects.Put(new RowChange
        {
            Table = Table,
            Key = [new("courier_id", next.Id.Value)],
            Values =
            [
                new("state", next.IsDisabled ? "DISABLED" : "ACTIVE"),
                new("created_at", (DateTimeOffset?)next.CreatedAt),
                new("body", FloristJson.Write(next.View())),
            ],
        }));
    }

    // Keys that work stay; of the others the latest, for who looks at them.
    private static ImmutableArray<CourierKey> Forgotten(ImmutableArray<CourierKey> keys, DateTimeOffset now) =>
        keys.Length < KeysRemembered ? keys : keys.Remove(keys.First(key => !key.Works(now)));

    private static DateTimeOffset Earlier(DateTimeOffset? one, DateTimeOffset other) =>
        one is { } known && known < other ? known : other;
}

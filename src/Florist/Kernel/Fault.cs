using System.Collections.Immutable;

namespace Florist.Kernel;

/// <summary>Why a command was refused, in the terms that callers can act on.</summary>
public enum FaultKind
{
    /// <summary>The request itself is wrong and would be wrong at any time; see <see cref="Fault.Fields"/>.</summary>
    Invalid,

    /// <summary>What the request names does not exist.</summary>
    NotFound,

    /// <summary>The caller may not do this. Said before existence is looked at.</summary>
    Denied,

    /// <summary>What the request would create exists already.</summary>
    Exists,

    /// <summary>Lawful, but not in the present state: past a cut-off, already cancelled.</summary>
    Refused,

    /// <summary>The caller decided on a version (etag) that is no longer the current one.</summary>
    Stale,

    /// <summary>A limit or quota is used up.</summary>
    TooMany,
}

/// <summary>One field of a request that is wrong.</summary>
/// <param name="Field">Path of the field in the request message, as <c>customer.recipients[0].address</c>.</param>
/// <param name="Reason">Upper-case reason, stable: clients may switch on it.</param>
/// <param name="Text">What is wrong and what would be right, for a developer.</param>
public sealed record FieldFault(string Field, string Reason, string Text);

/// <summary>
/// A refusal, as a value. The reason is the contract (AIP-193 <c>ErrorInfo.reason</c>); the text is for people.
/// A fault is never a bug and never broken infrastructure: those are exceptions.
/// </summary>
public sealed record Fault
{
    /// <summary>What sort of refusal this is; decides the gRPC status.</summary>
    public FaultKind Kind { get; init; }

    /// <summary>Upper-case reason of at most 63 characters, stable for ever once published.</summary>
    public string Reason { get; init; } = "";

    /// <summary>One sentence for the caller. Holds no personal data that the caller did not send.</summary>
    public string Text { get; init; } = "";

    /// <summary>The wrong fields; empty unless <see cref="Kind"/> is <see cref="FaultKind.Invalid"/>.</summary>
    public ImmutableArray<FieldFault> Fields { get; init; } = [];

    /// <summary>
    /// Every value that the text mentions, by camelCase key, so that a program need not parse the text.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Values { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// After how long a repeat may succeed; null where waiting does not help or is not known to help.
    /// </summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A request with one wrong field.</summary>
    public static Fault Invalid(string field, string reason, string text) =>
        Invalid([new FieldFault(field, reason, text)]);

    /// <summary>A request with wrong fields. The first field's reason becomes the reason of the whole.</summary>
    public static Fault Invalid(ImmutableArray<FieldFault> fields) => new()
    {
        Kind = FaultKind.Invalid,
        Reason = fields[0].Reason,
        Text = fields.Length == 1 ? $"{fields[0].Field}: {fields[0].Text}" : $"{fields.Length} fields are invalid",
        Fields = fields,
    };

    /// <summary>Something named by the request does not exist.</summary>
    /// <param name="name">Its resource name, as <c>customers/7q2x</c>.</param>
    public static Fault NotFound(string name) =>
        Of(FaultKind.NotFound, "NOT_FOUND", $"{name} does not exist").With("name", name);

    /// <summary>The caller may not do this, whether or not the thing exists.</summary>
    public static Fault Denied(string text) => Of(FaultKind.Denied, "PERMISSION_DENIED", text);

    /// <summary>The thing exists already.</summary>
    public static Fault Exists(string name) =>
        Of(FaultKind.Exists, "ALREADY_EXISTS", $"{name} exists already").With("name", name);

    /// <summary>Not possible in the present state.</summary>
    public static Fault Refused(string reason, string text) => Of(FaultKind.Refused, reason, text);

    /// <summary>The etag sent is not the current one; read again and decide again.</summary>
    public static Fault Stale(string name) =>
        Of(FaultKind.Stale, "ETAG_MISMATCH", $"{name} was changed since it was read").With("name", name);

    /// <summary>A limit is reached.</summary>
    public static Fault TooMany(string reason, string text) => Of(FaultKind.TooMany, reason, text);

    /// <summary>The same fault with one more machine-readable value.</summary>
    public Fault With(string key, string value) => this with { Values = Values.SetItem(key, value) };

    private static Fault Of(FaultKind kind, string reason, string text) =>
        new() { Kind = kind, Reason = reason, Text = text };
}

namespace Florist.Kernel;

/// <summary>What somebody has of something that there is too little of: places, stems, uses of a voucher.</summary>
/// <typeparam name="TContent">What exactly.</typeparam>
public sealed record Claim<TContent>
    where TContent : class
{
    /// <summary>Whose it is, as an order's id; no one has two of one grain.</summary>
    public string Id { get; init; } = "";

    /// <summary>Grows whenever the holder changes its mind; what is said about an earlier one means nothing.</summary>
    public long Generation { get; init; }

    /// <summary>Where it stands.</summary>
    public ClaimState State { get; init; }

    /// <summary>What is claimed; null once it is released.</summary>
    public TContent? Content { get; init; }

    /// <summary>
    /// From when on it counts no more, whether or not anybody has tidied up; null for one that is committed.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Where a claim stands.</summary>
public enum ClaimState
{
    /// <summary>Kept for a while.</summary>
    Held,

    /// <summary>Promised: it counts until it is released.</summary>
    Committed,

    /// <summary>Given back. Remembered for a while, so that a commit that was under way cannot take it again.</summary>
    Released,
}

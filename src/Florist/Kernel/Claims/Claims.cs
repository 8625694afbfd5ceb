using System.Collections.Immutable;
using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>
/// The claims of one grain: child rows on disk, this in memory. Found by their id, and in the order in which they
/// expire, so that a decision first sets aside what counts no more, and never depends on anybody having tidied up.
/// </summary>
/// <typeparam name="TContent">What is claimed.</typeparam>
public sealed record Claims<TContent>
    where TContent : class
{
    /// <summary>The kind of the child rows.</summary>
    public const string RowKind = "claim";

    /// <summary>How long a released claim is remembered: longer than any call can be under way.</summary>
    public static readonly TimeSpan RememberedFor = TimeSpan.FromHours(24);

    /// <summary>None.</summary>
    public static readonly Claims<TContent> None = new();

    private const int PageMax = 10_000;

    private ImmutableDictionary<string, Claim<TContent>> ById { get; init; } =
        ImmutableDictionary.Create<string, Claim<TContent>>(StringComparer.Ordinal);

    private ImmutableSortedSet<ClaimExpiry> ByExpiry { get; init; } = [];

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<Claim<TContent>> All => ById.Values;

    /// <summary>How many.</summary>
    public int Count => ById.Count;

    /// <summary>When the next of them expires; null when none does.</summary>
    public DateTimeOffset? NextExpiry => ByExpiry.IsEmpty ? null : ByExpiry[0].At;

    /// <summary>Reads a grain's claims; called once, in <c>OnActivateAsync</c>.</summary>
    public static async Task<Claims<TContent>> Read(IGrainRows rows, GrainId owner, CancellationToken cancellationToken)
    {
        var byId = None.ById.ToBuilder();
        ImmutableSortedSet<ClaimExpiry>.Builder byExpiry = None.ByExpiry.ToBuilder();
        string? after = null;
        ImmutableArray<GrainRow> page;
        do
        {
            page = await rows.Read(owner, RowKind, PageMax, after, cancellationToken: cancellationToken);
            foreach (GrainRow row in page)
            {
                Claim<TContent> claim = FloristJson.Read<Claim<TContent>>(row.Body);
                byId.Add(row.Id, claim);
                if (claim.ExpiresAt is { } at)
                {
                    byExpiry.Add(new ClaimExpiry(at, claim.Id));
                }

                after = row.Id;
            }
        }
        while (page.Length == PageMax);
        return new Claims<TContent> { ById = byId.ToImmutable(), ByExpiry = byExpiry.ToImmutable() };
    }

    /// <summary>The claim of an id; null when there is none, expired ones included until they are taken out.</summary>
    public Claim<TContent>? Find(string id) => ById.GetValueOrDefault(id);

    /// <summary>One of those that have expired at <paramref name="now"/>; null when none has.</summary>
    public Claim<TContent>? Expired(DateTimeOffset now) =>
        !ByExpiry.IsEmpty && ByExpiry[0].At <= now ? ById[ByExpiry[0].Id] : null;

    /// <summary>With this claim, in place of the one with its id; <paramref name="effects"/> gains its row.</summary>
    public Claims<TContent> Put(Claim<TContent> claim, ref Effects effects)
    {
        effects = effects.Put(RowChange.PutChild(RowKind, claim.Id, FloristJson.Write(claim)));
        ImmutableSortedSet<ClaimExpiry> byExpiry = Unlisted(claim.Id);
        return new Claims<TContent>
        {
            ById = ById.SetItem(claim.Id, claim),
            ByExpiry = claim.ExpiresAt is { } at ? byExpiry.Add(new ClaimExpiry(at, claim.Id)) : byExpiry,
        };
    }

    /// <summary>Without the claim of an id; <paramref name="effects"/> gains the deletion of its row.</summary>
    public Claims<TContent> Without(string id, ref Effects effects)
    {
        effects = effects.Put(RowChange.DeleteChild(RowKind, id));
        return new Claims<TContent> { ById = ById.Remove(id), ByExpiry = Unlisted(id) };
    }

    private ImmutableSortedSet<ClaimExpiry> Unlisted(string id) =>
        ById.GetValueOrDefault(id)?.ExpiresAt is { } at ? ByExpiry.Remove(new ClaimExpiry(at, id)) : ByExpiry;
}

/// <summary>When a claim expires; sorts by that.</summary>
/// <param name="At">The instant.</param>
/// <param name="Id">The claim.</param>
internal readonly record struct ClaimExpiry(DateTimeOffset At, string Id) : IComparable<ClaimExpiry>
{
    public int CompareTo(ClaimExpiry other)
    {
        int byTime = At.CompareTo(other.At);
        return byTime != 0 ? byTime : string.CompareOrdinal(Id, other.Id);
    }
}

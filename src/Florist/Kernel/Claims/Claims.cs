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

    private ImmutableSortedSet<ClaimExpiry> Holds { get; init; } = [];

    private ImmutableSortedSet<ClaimExpiry> Memories { get; init; } = [];

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<Claim<TContent>> All => ById.Values;

    /// <summary>How many.</summary>
    public int Count => ById.Count;

    /// <summary>
    /// When the next hold expires; null when none does. That a released claim is forgotten is no reason to wake up for.
    /// </summary>
    public DateTimeOffset? NextExpiry => Holds.IsEmpty ? null : Holds[0].At;

    /// <summary>Reads a grain's claims; called once, in <c>OnActivateAsync</c>.</summary>
    public static async Task<Claims<TContent>> Read(IGrainRows rows, GrainId owner, CancellationToken cancellationToken)
    {
        List<GrainRow> all = [];
        ImmutableArray<GrainRow> page = [];
        do
        {
            string? after = page.IsEmpty ? null : page[^1].Id;
            page = await rows.Read(owner, RowKind, PageMax, after, cancellationToken: cancellationToken);
            all.AddRange(page);
        }
        while (page.Length == PageMax);
        return Of(all.Select(row => row.Body));
    }

    /// <summary>The claims that these child rows are.</summary>
    /// <param name="bodies">Their bodies.</param>
    public static Claims<TContent> Of(IEnumerable<string> bodies)
    {
        ImmutableArray<Claim<TContent>> all = [.. bodies.Select(FloristJson.Read<Claim<TContent>>)];
        return new Claims<TContent>
        {
            ById = all.ToImmutableDictionary(claim => claim.Id, StringComparer.Ordinal),
            Holds = [.. all.Where(claim => claim.State == ClaimState.Held).Select(ClaimExpiry.Of)],
            Memories = [.. all.Where(claim => claim.State == ClaimState.Released).Select(ClaimExpiry.Of)],
        };
    }

    /// <summary>The claim of an id; null when there is none, expired ones included until they are taken out.</summary>
    public Claim<TContent>? Find(string id) => ById.GetValueOrDefault(id);

    /// <summary>One of those that have expired at <paramref name="now"/>; null when none has.</summary>
    public Claim<TContent>? Expired(DateTimeOffset now) => FirstOf(Holds, now) ?? FirstOf(Memories, now);

    /// <summary>With this claim, in place of the one with its id; <paramref name="effects"/> gains its row.</summary>
    public Claims<TContent> Put(Claim<TContent> claim, ref Effects effects)
    {
        effects = effects.Put(RowChange.PutChild(RowKind, claim.Id, FloristJson.Write(claim)));
        Claims<TContent> others = Unlisted(claim.Id);
        return claim.State switch
        {
            ClaimState.Held => others with
            {
                ById = ById.SetItem(claim.Id, claim),
                Holds = others.Holds.Add(ClaimExpiry.Of(claim)),
            },
            ClaimState.Released => others with
            {
                ById = ById.SetItem(claim.Id, claim),
                Memories = others.Memories.Add(ClaimExpiry.Of(claim)),
            },
            _ => others with { ById = ById.SetItem(claim.Id, claim) },
        };
    }

    /// <summary>Without the claim of an id; <paramref name="effects"/> gains the deletion of its row.</summary>
    public Claims<TContent> Without(string id, ref Effects effects)
    {
        effects = effects.Put(RowChange.DeleteChild(RowKind, id));
        return Unlisted(id) with { ById = ById.Remove(id) };
    }

    private Claim<TContent>? FirstOf(ImmutableSortedSet<ClaimExpiry> expiries, DateTimeOffset now) =>
        !expiries.IsEmpty && expiries[0].At <= now ? ById[expiries[0].Id] : null;

    private Claims<TContent> Unlisted(string id) => ById.GetValueOrDefault(id) switch
    {
        { State: ClaimState.Held } held => this with { Holds = Holds.Remove(ClaimExpiry.Of(held)) },
        { State: ClaimState.Released } given => this with { Memories = Memories.Remove(ClaimExpiry.Of(given)) },
        _ => this,
    };
}

/// <summary>When a claim expires; sorts by that.</summary>
/// <param name="At">The instant.</param>
/// <param name="Id">The claim.</param>
internal readonly record struct ClaimExpiry(DateTimeOffset At, string Id) : IComparable<ClaimExpiry>
{
    /// <summary>When a claim that is held or released expires.</summary>
    public static ClaimExpiry Of<TContent>(Claim<TContent> claim)
        where TContent : class =>
        new(claim.ExpiresAt ?? throw new ArgumentException($"{claim.Id} never expires", nameof(claim)), claim.Id);

    public int CompareTo(ClaimExpiry other)
    {
        int byTime = At.CompareTo(other.At);
        return byTime != 0 ? byTime : string.CompareOrdinal(Id, other.Id);
    }
}

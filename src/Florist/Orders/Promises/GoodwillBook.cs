using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Orders;

/// <summary>The state of a budget: what it comes to. Each grant is a child row, found by what it was for.</summary>
internal sealed record GoodwillBook : IDurableState<GoodwillBook>
{
    /// <summary>Kind of the child rows; their id is the grant's key.</summary>
    public const string GrantRow = "grant";

    // A customer's grants of some months. What no longer counts makes room first.
    private const int RecentMax = 64;

    /// <summary>What was granted lately, oldest first; of a day's budget only the sums matter.</summary>
    public ImmutableArray<Grant> Recent { get; init; } = [];

    /// <summary>What all grants that fell out of <see cref="Recent"/> come to, by currency.</summary>
    public ImmutableSortedDictionary<string, long> Earlier { get; init; } =
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    [JsonIgnore]
    public DateTimeOffset? NextDue => null;

    public GoodwillBook With(Effects effects) => this with { Effects = effects };

    /// <summary>What is left of a budget.</summary>
    public Money Left(Money cap, DateTimeOffset since)
    {
        long taken = Recent.Where(grant => grant.At >= since && grant.Amount.Currency == cap.Currency)
            .Sum(grant => grant.Amount.Minor) + Earlier.GetValueOrDefault(cap.Currency);
        return new Money(Math.Max(0, cap.Minor - taken), cap.Currency);
    }

    /// <summary>The book with a grant, or with another amount of one that it has.</summary>
    public GoodwillBook Granted(Grant grant, DateTimeOffset since)
    {
        int known = Recent.IndexOf(Recent.FirstOrDefault(one => one.Key == grant.Key) ?? grant);
        ImmutableArray<Grant> recent = known >= 0
            ? Recent.SetItem(known, grant)
            : Recent.RemoveAll(one => one.At < since).Add(grant);
        GoodwillBook next = this with { Recent = recent };
        while (next.Recent.Length > RecentMax)
        {
            Money oldest = next.Recent[0].Amount;
            next = next with
            {
                Recent = next.Recent.RemoveAt(0),
                Earlier = next.Earlier.SetItem(
                    oldest.Currency, next.Earlier.GetValueOrDefault(oldest.Currency) + oldest.Minor),
            };
        }

        return next with { Effects = Effects.Put(RowChange.PutChild(GrantRow, grant.Key, FloristJson.Write(grant))) };
    }
}

/// <summary>What was taken of a budget.</summary>
/// <param name="Key">What for.</param>
/// <param name="Amount">How much.</param>
/// <param name="At">When.</param>
internal sealed record Grant(string Key, Money Amount, DateTimeOffset At);

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Florist.Kernel;

namespace Florist.Vouchers;

/// <summary>A voucher as its grain keeps it. Its uses are child rows, counted when they are read.</summary>
internal sealed record VoucherBook : IDurableState<VoucherBook>
{
    /// <summary>The code; empty before it is issued.</summary>
    public string Code { get; init; } = "";

    /// <summary>See <see cref="VoucherView.Title"/>.</summary>
    public string? Title { get; init; }

    /// <summary>See <see cref="VoucherView.Terms"/>.</summary>
    public VoucherTerms Terms { get; init; } = new();

    /// <summary>See <see cref="VoucherView.IssuedAt"/>.</summary>
    public DateTimeOffset IssuedAt { get; init; }

    /// <summary>See <see cref="VoucherView.IssuedBy"/>.</summary>
    public string IssuedBy { get; init; } = "";

    /// <summary>See <see cref="VoucherView.DisabledAt"/>.</summary>
    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>See <see cref="VoucherView.Revision"/>.</summary>
    public long Revision { get; init; }

    /// <summary>The uses.</summary>
    [JsonIgnore]
    public Claims<VoucherUse> Uses { get; init; } = Claims<VoucherUse>.None;

    /// <summary>How many are reserved.</summary>
    [JsonIgnore]
    public int Reserved { get; init; }

    /// <summary>How many are redeemed.</summary>
    [JsonIgnore]
    public int Redeemed { get; init; }

    /// <summary>How many a customer has, reserved and redeemed.</summary>
    [JsonIgnore]
    public ImmutableDictionary<string, int> ByCustomer { get; init; } =
        ImmutableDictionary.Create<string, int>(StringComparer.Ordinal);

    /// <summary>The shop's commands that were answered already.</summary>
    [JsonIgnore]
    public Answered Answered { get; init; } = Answered.None;

    /// <inheritdoc/>
    [JsonIgnore]
    public Effects Effects { get; init; } = Effects.None;

    /// <summary>True once it is issued.</summary>
    [JsonIgnore]
    public bool Exists => Code.Length > 0;

    /// <inheritdoc/>
    [JsonIgnore]
    public DateTimeOffset? NextDue => Uses.NextExpiry;

    /// <inheritdoc/>
    ImmutableArray<RowChange> IHasEffects.Rows => Exists ? Effects.Rows.Add(VoucherIndex.Row(this)) : Effects.Rows;

    /// <inheritdoc/>
    public VoucherBook With(Effects effects) => this with { Effects = effects };

    /// <summary>With the uses that were read.</summary>
    public VoucherBook WithUses(Claims<VoucherUse> uses)
    {
        VoucherBook counted = this with { Uses = uses };
        foreach (Claim<VoucherUse> use in uses.All)
        {
            counted = counted.Counted(use, 1);
        }

        return counted;
    }

    /// <summary>With this use in place of the one of its order.</summary>
    public VoucherBook Put(Claim<VoucherUse> use)
    {
        Effects effects = Effects;
        VoucherBook without = Freed(use.Id);
        Claims<VoucherUse> uses = Uses.Put(use, ref effects);
        return (without with { Uses = uses, Effects = effects }).Counted(use, 1);
    }

    /// <summary>Without the reservations that have expired.</summary>
    public VoucherBook Swept(DateTimeOffset now)
    {
        VoucherBook book = this;
        while (book.Uses.Expired(now) is { } expired)
        {
            Effects effects = book.Effects;
            VoucherBook without = book.Freed(expired.Id);
            book = without with { Uses = book.Uses.Without(expired.Id, ref effects), Effects = effects };
        }

        return book;
    }

    /// <summary>The counts as they would be without the use of an order.</summary>
    public VoucherBook Freed(string orderId) => Uses.Find(orderId) is { } present ? Counted(present, -1) : this;

    /// <summary>The voucher as others see it.</summary>
    public VoucherView View() => new()
    {
        Code = Code,
        Title = Title,
        Terms = Terms,
        ReservedCount = Reserved,
        RedeemedCount = Redeemed,
        IssuedAt = IssuedAt,
        IssuedBy = IssuedBy,
        DisabledAt = DisabledAt,
        Revision = Revision,
    };

    private VoucherBook Counted(Claim<VoucherUse> use, int times)
    {
        if (use.Content is not { } content)
        {
            return this;
        }

        int own = ByCustomer.GetValueOrDefault(content.CustomerId) + times;
        bool redeemed = use.State == ClaimState.Committed;
        return this with
        {
            Reserved = Reserved + (redeemed ? 0 : times),
            Redeemed = Redeemed + (redeemed ? times : 0),
            ByCustomer = own == 0
                ? ByCustomer.Remove(content.CustomerId)
                : ByCustomer.SetItem(content.CustomerId, own),
        };
    }
}

/// <summary>Who uses a voucher.</summary>
internal sealed record VoucherUse
{
    /// <summary>The customer.</summary>
    public string CustomerId { get; init; } = "";
}

/// <summary>The row by which vouchers are listed, written with every commit.</summary>
internal static class VoucherIndex
{
    /// <summary>The table.</summary>
    public const string Table = "voucher_index";

    /// <summary>The row of a voucher. Columns are never null; absent is the empty text.</summary>
    public static RowChange Row(VoucherBook book) => new()
    {
        Table = Table,
        Key = [new("code", book.Code)],
        Values =
        [
            new("issued_at", (DateTimeOffset?)book.IssuedAt),
            new("disabled", book.DisabledAt is not null),
            new("customer", book.Terms.CustomerId is { } customer ? $"customers/{customer}" : ""),
            new("redeemed_count", book.Redeemed),
            new("body", FloristJson.Write(book.View())),
        ],
    };
}

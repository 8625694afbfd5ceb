using System.Globalization;
using Florist.Kernel;

namespace Florist.Vouchers;

/// <summary>Who may use a voucher, and how often. Pure; the book comes without what has expired.</summary>
internal static class VoucherRules
{
    /// <summary>Decides about the issue of a voucher.</summary>
    public static Outcome<VoucherBook> Issue(VoucherBook book, string code, IssueVoucher command, DateTimeOffset now) =>
        book.Exists
            ? Fault.Exists(VoucherCodes.NameOf(code))
            : book with
            {
                Code = code,
                Title = command.Title,
                Terms = command.Terms,
                IssuedAt = now,
                IssuedBy = command.By,
                Revision = 1,
            };

    /// <summary>Decides about its end.</summary>
    public static Outcome<VoucherBook> Disable(VoucherBook book, DisableVoucher command, DateTimeOffset now)
    {
        if (!Etags.Matches(command.Etag, book.Revision))
        {
            return Fault.Stale(VoucherCodes.NameOf(book.Code));
        }

        return book.DisabledAt is null ? book with { DisabledAt = now, Revision = book.Revision + 1 } : book;
    }

    /// <summary>What it is worth to somebody now; what their order has of it counts as free.</summary>
    public static Outcome<VoucherTerms> Check(VoucherBook book, UseVoucher command, DateTimeOffset now) =>
        Refusal(book, command, now) is { } refusal ? refusal : book.Terms;

    /// <summary>Decides about a reservation.</summary>
    public static Outcome<VoucherBook> Reserve(
        VoucherBook book, UseVoucher command, DateTimeOffset now, TimeSpan heldFor)
    {
        Claim<VoucherUse>? present = book.Uses.Find(command.OrderId);
        if (ClaimRules.Hold(present, 0).Failed(out Fault? fault, out ClaimStep step))
        {
            return fault;
        }

        return step == ClaimStep.Nothing
            ? book
            : Refusal(book, command, now) is { } refusal
                ? refusal
                : book.Put(Use(command, ClaimState.Held, now + heldFor));
    }

    /// <summary>Decides about a redemption.</summary>
    public static Outcome<VoucherBook> Commit(VoucherBook book, UseVoucher command)
    {
        Claim<VoucherUse>? present = book.Uses.Find(command.OrderId);
        if (ClaimRules.Commit(present, 0).Failed(out Fault? fault, out ClaimStep step))
        {
            return fault;
        }

        return step switch
        {
            ClaimStep.Nothing => book,
            ClaimStep.Promote => book.Put(Use(command, ClaimState.Committed, null)),
            _ => UsedUp(book, command) is { } refusal
                ? refusal
                : book.Put(Use(command, ClaimState.Committed, null)),
        };
    }

    /// <summary>The book after an order has given its use back; the same when it has none.</summary>
    public static VoucherBook Release(VoucherBook book, string orderId, DateTimeOffset now) =>
        ClaimRules.Release(book.Uses.Find(orderId), 0)
            ? book.Put(new Claim<VoucherUse>
            {
                Id = orderId,
                State = ClaimState.Released,
                ExpiresAt = now + Claims<VoucherUse>.RememberedFor,
            })
            : book;

    /// <summary>The refusal of a code that names no voucher of the caller's.</summary>
    public static Fault Unknown() => Fault.Refused("VOUCHER_UNKNOWN", "there is no such voucher for this customer");

    private static Fault? Refusal(VoucherBook book, UseVoucher command, DateTimeOffset now) =>
        Invalid(book, command, now) ?? UsedUp(book, command);

    // Somebody else's voucher and none look the same, so that codes cannot be told apart by trying.
    private static Fault? Invalid(VoucherBook book, UseVoucher command, DateTimeOffset now)
    {
        if (!book.Exists || (book.Terms.CustomerId is { } only && only != command.CustomerId))
        {
            return Unknown();
        }

        if (book.DisabledAt is not null)
        {
            return Fault.Refused("VOUCHER_DISABLED", $"{book.Code} is not accepted any more").With("code", book.Code);
        }

        if (book.Terms.ValidFrom is { } from && now < from)
        {
            return Fault.Refused("VOUCHER_NOT_YET_VALID", $"{book.Code} is valid from {from:u}")
                .With("code", book.Code).With("validFrom", $"{from:O}");
        }

        return book.Terms.ValidUntil is { } until && now >= until
            ? Fault.Refused("VOUCHER_EXPIRED", $"{book.Code} was valid until {until:u}")
                .With("code", book.Code).With("validUntil", $"{until:O}")
            : null;
    }

    private static Fault? UsedUp(VoucherBook book, UseVoucher command)
    {
        VoucherBook free = book.Freed(command.OrderId);
        if (free.Reserved + free.Redeemed >= book.Terms.UsageLimit)
        {
            return Fault.Refused("VOUCHER_USED_UP", $"{book.Code} was used as often as it may be")
                .With("code", book.Code).With("limit", Text(book.Terms.UsageLimit));
        }

        int own = free.ByCustomer.GetValueOrDefault(command.CustomerId);
        return book.Terms.PerCustomerLimit is { } limit && own >= limit
            ? Fault.Refused("VOUCHER_CUSTOMER_LIMIT", $"the customer has used {book.Code} as often as they may")
                .With("code", book.Code).With("limit", Text(limit))
            : null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Claim<VoucherUse> Use(UseVoucher command, ClaimState state, DateTimeOffset? expiresAt) => new()
    {
        Id = command.OrderId,
        State = state,
        Content = new VoucherUse { CustomerId = command.CustomerId },
        ExpiresAt = expiresAt,
    };
}

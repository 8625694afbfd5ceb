using Florist.Kernel;
using Florist.Vouchers;

namespace Florist.Tests.Vouchers;

public sealed class VoucherRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 9, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(2000, 4500, 900)]
    [InlineData(1250, 999, 125)]
    [InlineData(5000, 1, 1)]
    [InlineData(10_000, 4500, 4500)]
    public void A_share_is_rounded_half_away_from_zero_once(int basisPoints, long subtotal, long discount) =>
        Assert.Equal(
            new Money(discount, "GBP"),
            new VoucherTerms { PercentBasisPoints = basisPoints }.DiscountOn(new Money(subtotal, "GBP")).OrThrow());

    [Theory]
    [InlineData(4500, 1000, null)]
    [InlineData(2000, 1000, null)]
    [InlineData(1999, 0, "VOUCHER_MINIMUM")]
    public void An_amount_needs_its_minimum(long subtotal, long discount, string? reason)
    {
        VoucherTerms terms = new() { Amounts = [new(1000, "GBP")], Minimums = [new(2000, "GBP")] };

        Outcome<Money> outcome = terms.DiscountOn(new Money(subtotal, "GBP"));

        Assert.Equal(reason, outcome.Fault?.Reason);
        Assert.Equal(discount, outcome.Value.Minor);
    }

    [Fact]
    public void An_amount_takes_off_no_more_than_there_is_and_knows_its_currencies()
    {
        VoucherTerms terms = new() { Amounts = [new(1000, "GBP")] };

        Assert.Equal(new Money(700, "GBP"), terms.DiscountOn(new Money(700, "GBP")).OrThrow());
        Assert.Equal("VOUCHER_CURRENCY", terms.DiscountOn(new Money(700, "EUR")).Fault?.Reason);
    }

    [Theory]
    [InlineData(-1, "VOUCHER_NOT_YET_VALID")]
    [InlineData(0, null)]
    [InlineData(59, null)]
    [InlineData(60, "VOUCHER_EXPIRED")]
    public void It_is_valid_from_its_first_instant_until_its_last(int minutes, string? reason)
    {
        VoucherBook book = Book(new() { ValidFrom = Now, ValidUntil = Now.AddMinutes(60) });

        Assert.Equal(reason, VoucherRules.Check(book, new("o1", "anna"), Now.AddMinutes(minutes)).Fault?.Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void So_many_orders_get_it_as_its_limit_says(int limit)
    {
        VoucherBook book = Book(new() { UsageLimit = limit });
        int served = 0;
        for (int i = 0; i < 5; i++)
        {
            if (!VoucherRules.Reserve(book, new($"o{i}", $"c{i}"), Now, HeldFor).Failed(out Fault? fault, out VoucherBook? next))
            {
                book = next;
                served++;
            }
            else
            {
                Assert.Equal("VOUCHER_USED_UP", fault.Reason);
            }
        }

        Assert.Equal(limit, served);
    }

    [Fact]
    public void A_customer_gets_it_as_often_as_they_may_and_others_still_do()
    {
        VoucherBook book = Book(new() { UsageLimit = 10, PerCustomerLimit = 1 });
        book = VoucherRules.Reserve(book, new("o1", "anna"), Now, HeldFor).OrThrow();

        Assert.Equal("VOUCHER_CUSTOMER_LIMIT", VoucherRules.Reserve(book, new("o2", "anna"), Now, HeldFor).Fault?.Reason);
        Assert.Null(VoucherRules.Reserve(book, new("o1", "anna"), Now, HeldFor).Fault);
        Assert.Null(VoucherRules.Reserve(book, new("o3", "ben"), Now, HeldFor).Fault);
    }

    [Fact]
    public void A_use_is_reserved_redeemed_and_given_back_once_however_often_it_is_said()
    {
        UseVoucher use = new("o1", "anna");
        VoucherBook reserved = VoucherRules.Reserve(Book(new()), use, Now, HeldFor).OrThrow();
        VoucherBook redeemed = VoucherRules.Commit(reserved, use).OrThrow();
        VoucherBook released = VoucherRules.Release(redeemed, "o1", Now);

        Assert.Equal((1, 0), (reserved.Reserved, reserved.Redeemed));
        Assert.Equal((0, 1), (redeemed.Reserved, redeemed.Redeemed));
        Assert.Same(redeemed, VoucherRules.Commit(redeemed, use).OrThrow());
        Assert.Same(redeemed, VoucherRules.Reserve(redeemed, use, Now, HeldFor).OrThrow());
        Assert.Equal((0, 0), (released.Reserved, released.Redeemed));
        Assert.Empty(released.ByCustomer);
        Assert.Same(released, VoucherRules.Release(released, "o1", Now));
        Assert.Equal("CLAIM_RELEASED", VoucherRules.Commit(released, use).Fault?.Reason);
    }

    [Fact]
    public void A_reservation_that_ran_out_counts_no_more_and_is_redeemed_only_if_there_is_a_use_left()
    {
        VoucherBook book = VoucherRules.Reserve(Book(new()), new("o1", "anna"), Now, HeldFor).OrThrow();

        VoucherBook before = book.Swept(Now + HeldFor - TimeSpan.FromTicks(1));
        VoucherBook after = book.Swept(Now + HeldFor);
        VoucherBook taken = VoucherRules.Reserve(after, new("o2", "ben"), Now + HeldFor, HeldFor).OrThrow();

        Assert.Equal("VOUCHER_USED_UP", VoucherRules.Reserve(before, new("o2", "ben"), Now, HeldFor).Fault?.Reason);
        Assert.Null(VoucherRules.Commit(after, new("o1", "anna")).Fault);
        Assert.Equal("VOUCHER_USED_UP", VoucherRules.Commit(taken, new("o1", "anna")).Fault?.Reason);
    }

    [Fact]
    public void Somebody_elses_voucher_looks_like_none()
    {
        VoucherBook hers = Book(new() { CustomerId = "anna" });

        Fault? other = VoucherRules.Check(hers, new("o1", "ben"), Now).Fault;

        Assert.Equal(VoucherRules.Check(new VoucherBook(), new("o1", "ben"), Now).Fault?.Text, other?.Text);
        Assert.Equal("VOUCHER_UNKNOWN", other?.Reason);
        Assert.Null(VoucherRules.Check(hers, new("o1", "anna"), Now).Fault);
    }

    [Fact]
    public void An_ended_voucher_serves_nobody_new_and_stays_with_who_has_it()
    {
        VoucherBook book = VoucherRules.Reserve(Book(new() { UsageLimit = 5 }), new("o1", "anna"), Now, HeldFor).OrThrow();
        VoucherBook ended = VoucherRules.Disable(book, new(null, "\"1\"", "staff:sam"), Now).OrThrow();

        Assert.Equal("VOUCHER_DISABLED", VoucherRules.Reserve(ended, new("o2", "ben"), Now, HeldFor).Fault?.Reason);
        Assert.Null(VoucherRules.Commit(ended, new("o1", "anna")).Fault);
        Assert.Equal("ETAG_MISMATCH", VoucherRules.Disable(ended, new(null, "\"1\"", "staff:sam"), Now).Fault?.Reason);
    }

    [Theory]
    [InlineData("spring20", "SPRING20")]
    [InlineData(" Mum 4 ever ", "MUM4EVER")]
    [InlineData("A-1", "A-1")]
    [InlineData("ab", null)]
    [InlineData("-abc", null)]
    [InlineData("straße", null)]
    [InlineData("", null)]
    public void A_code_has_one_form(string typed, string? code) => Assert.Equal(code, VoucherCodes.Read(typed));

    private static VoucherBook Book(VoucherTerms terms) => VoucherRules.Issue(
        new VoucherBook(),
        "SPRING20",
        new IssueVoucher(null, "staff:sam", null, terms with { PercentBasisPoints = 2000 }),
        Now).OrThrow();
}

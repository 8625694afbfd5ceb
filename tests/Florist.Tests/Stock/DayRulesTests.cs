using Florist.Kernel;
using Florist.Stock;

namespace Florist.Tests.Stock;

public sealed class DayRulesTests
{
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(10);

    [Theory]
    [InlineData(23, 1)]
    [InlineData(24, 2)]
    [InlineData(25, 2)]
    public void Orders_get_stems_while_there_are_enough_for_all_of_theirs(int roses, int served)
    {
        DayBook book = StockSamples.Book(count: roses);

        Assert.Equal(served, Held(ref book, StockSamples.Terms(StockSamples.Plan()), 4));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    public void A_slot_takes_as_many_orders_as_it_has_places(int capacity, int served)
    {
        DayBook book = StockSamples.Book();

        Assert.Equal(served, Held(ref book, StockSamples.Terms(StockSamples.Plan(morning: capacity)), 5));
    }

    [Fact]
    public void A_refusal_says_what_is_missing_and_takes_nothing()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(morning: 1));
        DayBook book = StockSamples.Book(count: 13);
        Held(ref book, terms, 1);

        Fault? stock = DayRules.Hold(book, StockSamples.Claim("b", "afternoon"), terms).Fault;
        Fault? full = DayRules.Hold(book, StockSamples.Claim("b", "morning", ("single-rose", 1)), terms).Fault;

        Assert.Equal(
            ("OUT_OF_STOCK", "red-rose", "1", "12"),
            (stock?.Reason, stock?.Values["stem"], stock?.Values["available"], stock?.Values["wanted"]));
        Assert.Equal(("SLOT_FULL", "morning"), (full?.Reason, full?.Values["slots"]));
    }

    [Fact]
    public void An_expired_hold_counts_no_more_from_that_instant_on_and_not_before()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(morning: 1));
        DayBook book = StockSamples.Book();
        Held(ref book, terms, 1);
        DateTimeOffset end = terms.Now + HeldFor;

        DayBook before = book.Swept(end.AddTicks(-1));
        DayBook after = book.Swept(end);

        Assert.Equal("SLOT_FULL", DayRules.Hold(before, StockSamples.Claim("b"), terms).Fault?.Reason);
        Assert.Null(DayRules.Hold(after, StockSamples.Claim("b"), terms).Fault);
        Assert.Null(after.NextDue);
    }

    [Fact]
    public void Holding_again_holds_once_and_longer()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = StockSamples.Book(count: 12);
        Held(ref book, terms, 1);
        DayTerms later = terms with { Now = terms.Now.AddMinutes(5) };

        DayStep again = DayRules.Hold(book, StockSamples.Claim("o0"), later).OrThrow();

        Assert.Equal(later.Now + HeldFor, again.Place.ExpiresAt);
        Assert.Equal(new Taken(1, 0), again.Book.Places["morning"]);
        Assert.Equal(new Taken(12, 0), again.Book.Stems["red-rose"]);
    }

    [Fact]
    public void What_is_promised_counts_until_it_is_given_back_and_each_step_may_come_twice()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = StockSamples.Book(count: 12);
        Held(ref book, terms, 1);

        DayStep committed = DayRules.Commit(book, StockSamples.Claim("o0"), terms).OrThrow();
        DayStep twice = DayRules.Commit(committed.Book, StockSamples.Claim("o0"), terms).OrThrow();
        DayStep held = DayRules.Hold(twice.Book, StockSamples.Claim("o0"), terms).OrThrow();
        DayBook released = DayRules.Release(held.Book, new ReleasePlace("o0", 0), terms.Now);
        DayBook releasedTwice = DayRules.Release(released, new ReleasePlace("o0", 0), terms.Now);

        Assert.Equal((true, false, false), (committed.IsChange, twice.IsChange, held.IsChange));
        Assert.Equal(new Taken(12, 0) with { Held = 0, Committed = 12 }, held.Book.Swept(terms.Now.AddDays(9)).Stems["red-rose"]);
        Assert.Empty(released.Stems);
        Assert.Empty(released.Places);
        Assert.Same(released, releasedTwice);
    }

    [Fact]
    public void A_commit_that_comes_after_the_release_takes_nothing_again()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook released = DayRules.Release(StockSamples.Book(), new ReleasePlace("o0", 0), terms.Now);

        Assert.Equal("CLAIM_RELEASED", DayRules.Commit(released, StockSamples.Claim("o0"), terms).Fault?.Reason);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, "SLOT_FULL")]
    public void A_hold_that_ran_out_is_taken_anew_if_there_is_room(int others, string? reason)
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(morning: 1));
        DayBook book = StockSamples.Book();
        Held(ref book, terms, 1);
        DayTerms later = terms with { Now = terms.Now + HeldFor };
        book = book.Swept(later.Now);
        for (int i = 0; i < others; i++)
        {
            book = DayRules.Hold(book, StockSamples.Claim($"other{i}"), later).OrThrow().Book;
        }

        Assert.Equal(reason, DayRules.Commit(book, StockSamples.Claim("o0"), later).Fault?.Reason);
    }

    [Fact]
    public void A_move_gets_the_new_slot_or_keeps_the_old_one()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(morning: 2, afternoon: 1));
        DayBook book = StockSamples.Book(count: 24);
        book = DayRules.Commit(book, StockSamples.Claim("a"), terms).OrThrow().Book;
        book = DayRules.Commit(book, StockSamples.Claim("b"), terms).OrThrow().Book;

        DayBook moved = DayRules.Move(book, StockSamples.Claim("a", "afternoon") with { Generation = 1 }, terms).OrThrow().Book;
        Fault? full = DayRules.Move(moved, StockSamples.Claim("b", "afternoon") with { Generation = 1 }, terms).Fault;

        Assert.Equal(new Taken(0, 1), moved.Places["morning"]);
        Assert.Equal(new Taken(0, 1), moved.Places["afternoon"]);
        Assert.Equal(new Taken(0, 24), moved.Stems["red-rose"]);
        Assert.Equal("SLOT_FULL", full?.Reason);
    }

    [Fact]
    public void What_is_said_about_an_earlier_claim_does_not_touch_a_later_one()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = DayRules.Commit(
            StockSamples.Book(), StockSamples.Claim("a") with { Generation = 2 }, terms).OrThrow().Book;

        Assert.Same(book, DayRules.Release(book, new ReleasePlace("a", 1), terms.Now));
        Assert.Equal("CLAIM_OUTDATED", DayRules.Hold(book, StockSamples.Claim("a"), terms).Fault?.Reason);
        Assert.Equal("CLAIM_OUTDATED", DayRules.Commit(book, StockSamples.Claim("a"), terms).Fault?.Reason);
    }

    [Theory]
    [InlineData("2026-02-14T09:59:59Z", null)]
    [InlineData("2026-02-14T10:00:00Z", "PAST_CUT_OFF")]
    public void The_cut_off_counts_for_holding_and_not_for_what_was_held_in_time(string now, string? reason)
    {
        DateTimeOffset at = DateTimeOffset.Parse(now, null);
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(), at);
        DayBook held = DayRules.Hold(
            StockSamples.Book(), StockSamples.Claim("a"), StockSamples.Terms(StockSamples.Plan(), at.AddMinutes(-1))).OrThrow().Book;

        Assert.Equal(reason, DayRules.Hold(StockSamples.Book(), StockSamples.Claim("b"), terms).Fault?.Reason);
        Assert.Null(DayRules.Commit(held, StockSamples.Claim("a"), terms).Fault);
    }

    [Theory]
    [InlineData(null, "afternoon")]
    [InlineData("09:00-13:00", "morning")]
    [InlineData("12:00-14:00", "afternoon")]
    [InlineData("10:00-12:00", "morning")]
    public void A_window_gets_the_emptiest_slot_that_fits_it(string? window, string slot)
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(morning: 5, afternoon: 6));
        TimeOnly[] times = [.. (window ?? "00:00-23:59").Split('-').Select(time => TimeOnly.Parse(time, null))];
        ClaimPlace claim = StockSamples.Claim("a", null) with
        {
            Window = window is null ? null : new SlotWindow(times[0], times[1]),
        };

        Assert.Equal(slot, DayRules.Hold(StockSamples.Book(), claim, terms).OrThrow().Place.Slot);
    }

    [Fact]
    public void A_closed_bouquet_or_slot_takes_no_further_orders()
    {
        DayPlan plan = StockSamples.Plan();
        DayTerms bouquet = StockSamples.Terms(plan with { ClosedBouquets = ["dozen-red-roses"] });
        DayTerms slot = StockSamples.Terms(plan with { Slots = [plan.Slots[0] with { Closed = true }, plan.Slots[1]] });

        Assert.Equal("BOUQUET_CLOSED", DayRules.Hold(StockSamples.Book(), StockSamples.Claim("a"), bouquet).Fault?.Reason);
        Assert.Equal("SLOT_FULL", DayRules.Hold(StockSamples.Book(), StockSamples.Claim("a"), slot).Fault?.Reason);
        Assert.Equal("SLOT_UNKNOWN", DayRules.Hold(StockSamples.Book(), StockSamples.Claim("a", "night"), slot).Fault?.Reason);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, "OUT_OF_STOCK")]
    public void Stems_that_nobody_counted_run_out_only_where_all_are_counted(bool counted, string? reason)
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan() with { StemsCounted = counted });

        Assert.Equal(reason, DayRules.Hold(StockSamples.Book(), StockSamples.Claim("a"), terms).Fault?.Reason);
    }

    private static int Held(ref DayBook book, DayTerms terms, int orders)
    {
        int served = 0;
        for (int i = 0; i < orders; i++)
        {
            if (!DayRules.Hold(book, StockSamples.Claim($"o{i}"), terms).Failed(out _, out DayStep? step))
            {
                book = step.Book;
                served++;
            }
        }

        return served;
    }
}

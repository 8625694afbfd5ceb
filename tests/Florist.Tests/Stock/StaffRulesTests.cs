using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Stock;

namespace Florist.Tests.Stock;

public sealed class StaffRulesTests
{
    private static readonly DateTimeOffset EndOfDay = new(2026, 2, 15, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(2, null)]
    [InlineData(1, "CAPACITY_TAKEN")]
    public void A_capacity_below_what_is_taken_is_refused_to_staff_too(int capacity, string? reason)
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = Promised(StockSamples.Book(), terms, 2);

        Assert.Equal(reason, StaffRules.Plan(book, Slots(StockSamples.Plan(morning: capacity)), terms).Fault?.Reason);
    }

    [Fact]
    public void A_slot_of_which_something_is_taken_can_be_closed_and_not_removed()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = Promised(StockSamples.Book(), terms, 1);
        DayPlan plan = StockSamples.Plan();

        Fault? gone = StaffRules.Plan(book, Slots(plan with { Slots = [plan.Slots[1]] }), terms).Fault;
        DayBook closed = StaffRules.Plan(
            book, Slots(plan with { Slots = [plan.Slots[0] with { Closed = true }, plan.Slots[1]] }), terms).OrThrow();

        Assert.Equal("SLOT_TAKEN", gone?.Reason);
        Assert.Equal(0, closed.View(StockSamples.Valentines, closed.Plan ?? plan).FreePlaces("morning"));
        Assert.Equal("ETAG_MISMATCH", StaffRules.Plan(closed, Slots(plan) with { Etag = "\"0\"" }, terms).Fault?.Reason);
    }

    [Fact]
    public void Only_what_is_named_changes_and_an_open_day_needs_a_cut_off()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        PlanDay command = new(null, null, "staff:sam", new DayPlan { Label = "Valentine's Day" }, [PlanPart.Label]);

        DayBook named = StaffRules.Plan(StockSamples.Book(), command, terms).OrThrow();
        Fault? open = StaffRules.Plan(StockSamples.Book(), command with { Parts = [PlanPart.CutOff] }, terms).Fault;

        Assert.Equal(terms.Plan with { Label = "Valentine's Day" }, named.Plan);
        Assert.Equal("delivery_day.cutoff_time_of_day", open?.Fields[0].Field);
    }

    [Theory]
    [InlineData(-12, null)]
    [InlineData(-13, "STEMS_PROMISED")]
    [InlineData(5, null)]
    public void Waste_leaves_what_is_promised_unless_it_was_overridden(int by, string? reason)
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = Promised(StockSamples.Book(count: 24), terms, 1);
        AdjustStems waste = new(null, null, "staff:sam", MovementKind.Wasted, "frost", Stems(by));

        DayBook overridden = StaffRules.Override(
            book, new OverrideDay(null, "staff:sam", "frost", Numbers, Stems(1)), terms).OrThrow();

        Assert.Equal(reason, StaffRules.Adjust(book, waste, terms).Fault?.Reason);
        Assert.Null(StaffRules.Adjust(overridden, waste, terms).Fault);
    }

    [Fact]
    public void An_override_lets_exactly_so_many_more_in_and_stands_on_record()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan(morning: 1));
        DayBook book = Promised(StockSamples.Book(count: 12), terms, 1);
        OverrideDay command = new(null, "staff:sam", "the mayor", Numbers.Add("morning", 1), Stems(12));

        DayBook more = StaffRules.Override(book, command, terms).OrThrow();
        DayBook taken = DayRules.Hold(more, StockSamples.Claim("b"), terms).OrThrow().Book;
        StockMovement record = FloristJson.Read<StockMovement>(
            more.Effects.Rows.Last(row => row.Key.Contains(new("kind", MovementRows.Kind))).Values[0].Value.Text ?? "");

        Assert.Equal("SLOT_FULL", DayRules.Hold(book, StockSamples.Claim("b"), terms).Fault?.Reason);
        Assert.Equal("SLOT_FULL", DayRules.Hold(taken, StockSamples.Claim("c"), terms).Fault?.Reason);
        Assert.Equal((MovementKind.Overridden, "staff:sam", "the mayor"), (record.Kind, record.By, record.Note));
        Assert.Equal("SLOT_UNKNOWN", StaffRules.Override(
            book, command with { Places = Numbers.Add("night", 1) }, terms).Fault?.Reason);
        Assert.Equal("STEM_NOT_COUNTED", StaffRules.Override(
            StockSamples.Book(), command with { Places = Numbers }, terms).Fault?.Reason);
    }

    [Fact]
    public void Stems_that_come_in_are_counted_from_then_on_and_only_those_of_the_catalogue()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        ReceiveStems twelve = new(null, "staff:sam", "batch 7", Stems(12));

        DayBook counted = StaffRules.Receive(StockSamples.Book(), twelve, terms, EndOfDay).OrThrow();
        DayBook twice = StaffRules.Receive(counted, twelve, terms, EndOfDay).OrThrow();

        Assert.Equal((24, EndOfDay), (twice.OnHand["red-rose"], twice.PerishesAt));
        Assert.Equal(2, twice.Revision);
        Assert.Equal("STEM_UNKNOWN", StaffRules.Receive(
            counted, twelve with { Stems = Numbers.Add("blue-rose", 1) }, terms, EndOfDay).Fault?.Reason);
        Assert.Equal("STOCK_LIMIT", StaffRules.Receive(
            counted, twelve with { Stems = Stems(StaffRules.CountMax) }, terms, EndOfDay).Fault?.Reason);
    }

    [Fact]
    public void What_nobody_was_promised_perishes_when_the_day_is_over()
    {
        DayTerms terms = StockSamples.Terms(StockSamples.Plan());
        DayBook book = Promised(StockSamples.Book(count: 30), terms, 2) with { PerishesAt = EndOfDay };

        DayBook before = StaffRules.Perished(book, EndOfDay.AddTicks(-1));
        DayBook after = StaffRules.Perished(book, EndOfDay);

        Assert.Same(book, before);
        Assert.Equal(24, after.OnHand["red-rose"]);
        Assert.Equal((null, book.MovementCount + 1), (after.PerishesAt, after.MovementCount));
        Assert.Same(after, StaffRules.Perished(after, EndOfDay));
    }

    private static ImmutableSortedDictionary<string, int> Numbers { get; } =
        ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, int> Stems(int count) => Numbers.Add("red-rose", count);

    private static PlanDay Slots(DayPlan plan) => new(null, null, "staff:sam", plan, [PlanPart.Slots]);

    private static DayBook Promised(DayBook book, DayTerms terms, int orders)
    {
        for (int i = 0; i < orders; i++)
        {
            book = DayRules.Commit(book, StockSamples.Claim($"o{i}"), terms).OrThrow().Book;
        }

        return book;
    }
}

using System.Collections.Immutable;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;
using Florist.Orders;

namespace Florist.Tests.Occasions;

public class OccasionRulesTests
{
    private static readonly DateTimeOffset Now = Books.At("2027-01-01T12:00:00Z");
    private static readonly OccasionBook Book = Books.Empty.With("b", Books.MumsBirthday, Now);

    public static TheoryData<OccasionDetails, string, string> WrongDetails => new()
    {
        { Books.MumsBirthday with { Title = "  " }, "occasion.title", "REQUIRED" },
        { Books.MumsBirthday with { Title = new string('x', 81) }, "occasion.title", "TOO_LONG" },
        { Fixed(4, 31), "occasion.date", "DATE_INVALID" },
        { Fixed(2, 30), "occasion.date", "DATE_INVALID" },
        { Fixed(13, 1), "occasion.date", "DATE_INVALID" },
        { Fixed(0, 1), "occasion.date", "DATE_INVALID" },
        { Fixed(1, 0), "occasion.date", "DATE_INVALID" },
        { Fixed(2, 29) with { FirstYear = 1999 }, "occasion.date", "DATE_INVALID" },
        { Books.MumsBirthday with { FirstYear = 1899 }, "occasion.date.year", "OUT_OF_RANGE" },
        { Books.MumsBirthday with { FirstYear = 2028 }, "occasion.date.year", "OUT_OF_RANGE" },
        { Books.MumsBirthday with { FirstYear = 30000 }, "occasion.date.year", "OUT_OF_RANGE" },
        { Weekday(0), "occasion.weekday.ordinal", "OUT_OF_RANGE" },
        { Weekday(5), "occasion.weekday.ordinal", "OUT_OF_RANGE" },
        { Weekday(-2), "occasion.weekday.ordinal", "OUT_OF_RANGE" },
        { On(new EasterDay { OffsetDays = 64 }), "occasion.easter_offset_days", "OUT_OF_RANGE" },
        { On(new EasterDay { OffsetDays = -64 }), "occasion.easter_offset_days", "OUT_OF_RANGE" },
        { On(new HolidayDay { Country = "XX" }), "occasion.holiday.region_code", "REGION_UNKNOWN" },
        { Books.MumsBirthday with { Recipient = new("stranger") }, "occasion.recipient", "RECIPIENT_UNKNOWN" },
        { Books.MumsBirthday with { TimeZone = "Mars/Olympus" }, "occasion.time_zone", "TIME_ZONE_UNKNOWN" },
        { Books.MumsBirthday with { LeadDays = [0] }, "occasion.lead_days", "OUT_OF_RANGE" },
        { Books.MumsBirthday with { LeadDays = [61] }, "occasion.lead_days", "OUT_OF_RANGE" },
        { Books.MumsBirthday with { LeadDays = [3, 3] }, "occasion.lead_days", "REPEATED" },
        { Books.MumsBirthday with { LeadDays = [1, 2, 3, 4, 5] }, "occasion.lead_days", "TOO_MANY" },
    };

    [Theory]
    [MemberData(nameof(WrongDetails))]
    public void What_does_not_hold_together_is_refused_with_its_field_when_added_and_when_changed(
        OccasionDetails details, string field, string reason)
    {
        Fault? added = OccasionRules.Add(Book, new AddOccasion(null, details), new("x"), Books.Anna, Now).Fault;
        Fault? changed = OccasionRules.Change(
            Book, new ChangeOccasion(null, new("b"), null, details, OccasionFields.Paths), Books.Anna, Now).Fault;

        FieldFault wrong = Assert.Single(added?.Fields ?? []);
        Assert.Equal((field, reason), (wrong.Field, wrong.Reason));
        Assert.Equal(added?.Fields, changed?.Fields);
    }

    [Fact]
    public void A_leap_day_is_lawful_whether_or_not_this_year_has_one()
    {
        Assert.Null(OccasionRules.Add(Book, new AddOccasion(null, Fixed(2, 29)), new("x"), Books.Anna, Now).Fault);
        Assert.Null(OccasionRules.Add(
            Book, new AddOccasion(null, Fixed(2, 29) with { FirstYear = 2000 }), new("x"), Books.Anna, Now).Fault);
    }

    [Fact]
    public void Titles_are_kept_trimmed_and_lead_times_longest_first()
    {
        OccasionBook book = Books.Empty.With("b", Books.MumsBirthday with { Title = " Mum ", LeadDays = [1, 30] }, Now);

        Assert.Equal("Mum", book.Occasion("b").Details.Title);
        Assert.Equal([30, 1], book.Occasion("b").Details.LeadDays);
    }

    [Fact]
    public void The_hundredth_occasion_is_kept_and_the_next_is_refused()
    {
        OccasionBook book = Books.Empty;
        for (int i = 0; i < 100; i++)
        {
            book = book.With($"o{i}", Books.MumsBirthday, Now);
        }

        Fault? refused = OccasionRules
            .Add(book, new AddOccasion(null, Books.MumsBirthday), new("x"), Books.Anna, Now).Fault;

        Assert.Equal((FaultKind.TooMany, "OCCASIONS_LIMIT"), (refused?.Kind, refused?.Reason));
    }

    [Fact]
    public void A_change_touches_only_the_named_fields_and_makes_a_new_version()
    {
        ChangeOccasion retitle = new(null, new("b"), "\"1\"", Fixed(1, 1) with { Title = "Mother" }, ["title"]);

        Occasion changed = Books.Succeed(OccasionRules.Change(Book, retitle, Books.Anna, Now), Book).Occasion("b");

        Assert.Equal(
            Books.MumsBirthday with { Title = "Mother", LeadDays = changed.Details.LeadDays }, changed.Details);
        Assert.Equal(2, changed.Revision);
    }

    [Fact]
    public void A_leap_policy_is_changed_without_the_day()
    {
        OccasionBook book = Books.Empty.With("b", Fixed(2, 29), Now);
        OccasionDetails forward = On(new FixedDay { LeapPolicy = LeapPolicy.Forward });

        Occasion changed = Books.Succeed(
            OccasionRules.Change(book, new(null, new("b"), null, forward, ["leap_policy"]), Books.Anna, Now), book)
            .Occasion("b");

        Assert.Equal(new FixedDay { Month = 2, Day = 29, LeapPolicy = LeapPolicy.Forward }, changed.Details.Day);
    }

    [Theory]
    [InlineData("name")]
    [InlineData("mute_reason")]
    [InlineData("Title")]
    public void A_field_that_cannot_be_changed_is_named(string path)
    {
        Fault? refused = OccasionRules
            .Change(Book, new(null, new("b"), null, Books.MumsBirthday, [path]), Books.Anna, Now).Fault;

        Assert.Equal("FIELD_UNKNOWN", refused?.Reason);
        Assert.Equal(path, refused?.Values["path"]);
    }

    [Fact]
    public void Every_verb_refuses_another_version_and_an_unknown_occasion()
    {
        Assert.All(Refusals(new("b"), "\"7\""), fault => Assert.Equal(FaultKind.Stale, fault?.Kind));
        Assert.All(Refusals(new("x"), null), fault => Assert.Equal(FaultKind.NotFound, fault?.Kind));
    }

    [Fact]
    public void A_muted_occasion_is_never_due_and_unmuting_does_not_make_up_for_the_silence()
    {
        OccasionBook muted = Books.Succeed(OccasionRules.Mute(Book, new(null, new("b"), null), Now), Book);
        OccasionBook unmuted = Books.Succeed(
            OccasionRules.Unmute(muted, new(null, new("b"), null), Books.At("2027-03-01T00:00:00Z")), muted);

        Assert.Null(muted.NextDue);
        Assert.Empty(muted.Woken(Books.At("2030-01-01T00:00:00Z")).Effects.Rows);
        Assert.Equal(Books.At("2027-03-07T09:00:00Z"), unmuted.NextDue);
    }

    [Fact]
    public void A_recipient_who_has_died_silences_the_occasion_for_good()
    {
        OccasionBook book = Followed(
            Book, Books.Anna with { Revision = 2, Recipients = [Books.Mum with { Deceased = true }] });

        Assert.Equal(MuteReason.Deceased, book.Occasion("b").Muted);
        Assert.Null(book.NextDue);
        Assert.Equal("MUTED_FOR_GOOD", OccasionRules.Unmute(book, new(null, new("b"), null), Now).Fault?.Reason);

        // Not even when the mark is taken back, because that may be the slip.
        Assert.Equal(MuteReason.Deceased, Followed(book, Books.Anna with { Revision = 3 }).Occasion("b").Muted);
    }

    [Fact]
    public void An_occasion_added_for_somebody_who_has_died_is_silent_from_the_start()
    {
        CustomerFacts facts = Books.Anna with { Recipients = [Books.Mum with { Deceased = true }] };

        OccasionPut? put = OccasionRules
            .Add(Books.Empty, new AddOccasion(null, Books.MumsBirthday), new("x"), facts, Now).Value;

        Assert.Equal(MuteReason.Deceased, put?.Occasion.Muted);
    }

    [Fact]
    public void An_occasion_of_sympathy_is_silent_whatever_is_asked()
    {
        OccasionBook book = Books.Empty
            .With("b", Books.MumsBirthday with { Category = OccasionCategory.Sympathy }, Now);

        Assert.Equal(MuteReason.Sympathy, book.Occasion("b").Muted);
        Assert.Equal("MUTED_FOR_GOOD", OccasionRules.Unmute(book, new(null, new("b"), null), Now).Fault?.Reason);
    }

    [Fact]
    public void Flowers_of_sympathy_silence_the_recipients_occasions_until_the_customer_says_otherwise()
    {
        OccasionBook book = Book.With("ben", Books.MumsBirthday with { Recipient = new("ben") }, Now);
        RecordOrder order = new(new OrderId("o"), Books.Mum.Id, Books.Day("2027-01-05"), null, Sympathy: true);

        OccasionBook muted = book.Apply(OccasionRules.RecordOrder(book, order, Now));

        Assert.Equal(MuteReason.Sympathy, muted.Occasion("b").Muted);
        Assert.Null(muted.Occasion("ben").Muted);
        Assert.Empty(OccasionRules.RecordOrder(muted, order, Now));
        Assert.Null(OccasionRules.Unmute(muted, new(null, new("b"), null), Now).Fault);
    }

    [Fact]
    public void A_removed_recipient_leaves_a_silent_occasion_that_names_nobody()
    {
        Occasion occasion = Followed(Book, Books.Anna with { Revision = 2, Recipients = [] }).Occasion("b");

        Assert.Equal(MuteReason.RecipientRemoved, occasion.Muted);
        Assert.Null(occasion.Details.Recipient);
        Assert.Null(occasion.RecipientGivenName);
    }

    [Fact]
    public void A_deleted_customer_is_not_reminded_and_coming_back_makes_up_for_nothing()
    {
        OccasionBook deleted = Followed(Book, Books.Anna with { Revision = 2, Deleted = true });
        OccasionBook back = deleted.Apply(OccasionRules.Follow(
            deleted, Books.Anna with { Revision = 3 }, Books.At("2027-03-01T00:00:00Z")));

        Assert.Null(deleted.NextDue);
        Assert.Equal(Books.At("2027-03-07T09:00:00Z"), back.NextDue);
    }

    [Fact]
    public void Older_news_of_the_customer_and_news_that_change_nothing_are_ignored()
    {
        OccasionBook moved = Followed(Book, Books.Anna with { Revision = 5, TimeZone = "Asia/Tokyo" });

        Assert.Empty(OccasionRules.Follow(moved, Books.Anna with { Revision = 4 }, Now));
        Assert.Empty(OccasionRules.Follow(moved, Books.Anna with { Revision = 6, TimeZone = "Asia/Tokyo" }, Now));
    }

    [Fact]
    public void A_recipients_new_name_reaches_the_occasion()
    {
        OccasionBook book = Followed(
            Book, Books.Anna with { Revision = 2, Recipients = [Books.Mum with { GivenName = "Ruthie" }] });

        Assert.Equal("Ruthie", book.Occasion("b").RecipientGivenName);
        Assert.Equal(2, book.Occasion("b").Revision);
    }

    [Fact]
    public void New_default_lead_times_hold_from_now_on_for_occasions_without_their_own()
    {
        OccasionBook book = Book.With("own", Books.MumsBirthday with { LeadDays = [1] }, Now);
        DateTimeOffset march = Books.At("2027-03-01T00:00:00Z");
        OccasionBook woken = book.Woken(march);

        OccasionRules.ChangeSettings(woken, new(null, "\"1\"", [60, 2]), march)
            .Failed(out Fault? fault, out ImmutableArray<IOccasionChange> changes);
        OccasionBook changed = woken.Apply(changes);

        Assert.Null(fault);
        Assert.Equal([60, 2], changed.LeadDays);
        Assert.Equal(
            ["b 2027 2", "own 2027 1", "b 2028 60"],
            ReminderSchedule.Upcoming(changed, Books.At("2028-02-01T00:00:00Z"))
                .Select(step => $"{step.Occasion} {step.Date.Year} {step.LeadDays}"));
        Assert.Equal(
            FaultKind.Stale, OccasionRules.ChangeSettings(changed, new(null, "\"1\"", [7]), march).Fault?.Kind);
    }

    private static OccasionBook Followed(OccasionBook book, CustomerFacts customer) =>
        book.Apply(OccasionRules.Follow(book, customer, Now));

    private static IEnumerable<Fault?> Refusals(OccasionId id, string? etag) =>
    [
        OccasionRules.Change(Book, new(null, id, etag, Books.MumsBirthday, ["title"]), Books.Anna, Now).Fault,
        OccasionRules.Remove(Book, new(null, id, etag)).Fault,
        OccasionRules.Mute(Book, new(null, id, etag), Now).Fault,
        OccasionRules.Unmute(Book, new(null, id, etag), Now).Fault,
    ];

    private static OccasionDetails On(YearlyDay day) => Books.MumsBirthday with { Day = day, FirstYear = null };

    private static OccasionDetails Fixed(int month, int day) => On(new FixedDay { Month = month, Day = day });

    private static OccasionDetails Weekday(int ordinal) => On(new WeekdayOfMonth { Month = 5, Ordinal = ordinal });
}

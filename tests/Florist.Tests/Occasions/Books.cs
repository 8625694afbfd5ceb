using System.Collections.Immutable;
using System.Globalization;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;

namespace Florist.Tests.Occasions;

/// <summary>Occasions to test with.</summary>
internal static class Books
{
    public static readonly RecipientFacts Mum = new(new RecipientId("mum"), "Ruth", Deceased: false);

    public static readonly CustomerFacts Anna = new()
    {
        Revision = 1,
        TimeZone = "Europe/London",
        Recipients = [Mum, new(new RecipientId("ben"), "Ben", Deceased: false)],
    };

    public static readonly OccasionBook Empty = new()
    {
        Customer = new CustomerId("anna"),
        TimeZone = "Europe/London",
        CustomerRevision = 1,
        Policy = ReminderPolicy.Default with { Window = TimeSpan.Zero },
    };

    /// <summary>Her mother's birthday on 10 March 1950.</summary>
    public static readonly OccasionDetails MumsBirthday = new()
    {
        Kind = OccasionKind.Birthday,
        Title = "Mum's birthday",
        Day = new FixedDay { Month = 3, Day = 10 },
        FirstYear = 1950,
        Recipient = new RecipientId("mum"),
        Category = OccasionCategory.Birthday,
    };

    public static DateTimeOffset At(string iso) => DateTimeOffset.ParseExact(
        iso, "yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    public static DateOnly Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The book with one more occasion, added at an instant.</summary>
    public static OccasionBook With(this OccasionBook book, string id, OccasionDetails details, DateTimeOffset now) =>
        Succeed(OccasionRules.Add(book, new AddOccasion(null, details), new OccasionId(id), Anna, now), book);

    /// <summary>The book after a change that must be lawful.</summary>
    public static OccasionBook Succeed<T>(Outcome<T> outcome, OccasionBook book)
        where T : class, IOccasionChange
    {
        Assert.False(outcome.Failed(out Fault? fault, out T? change), fault?.Text);
        return book.Apply(change ?? throw new InvalidOperationException("no change"));
    }

    public static Occasion Occasion(this OccasionBook book, string id) =>
        book.Find(new OccasionId(id)) ?? throw new InvalidOperationException($"no occasion {id}");

    /// <summary>The book after a wake-up at an instant, without what was committed before.</summary>
    public static OccasionBook Woken(this OccasionBook book, DateTimeOffset now)
    {
        OccasionBook written = book.With(Effects.None);
        return written.Apply(ReminderSchedule.Due(written, now));
    }

    /// <summary>The reminders that the last commit sends.</summary>
    public static ImmutableArray<ReminderDue> Sent(this OccasionBook book) =>
        [.. book.Effects.Pending.Select(message => message.Read<ReminderDue>())];

    /// <summary>The rows of a kind that the last commit writes, as <c>id:why</c>.</summary>
    public static ImmutableArray<ReminderSettled> History(this OccasionBook book, string kind) =>
        [.. book.Effects.Rows
            .Where(row => row.Key[0].Value.Text == kind)
            .Select(row => FloristJson.Read<ReminderSettled>(row.Values[0].Value.Text ?? ""))];
}

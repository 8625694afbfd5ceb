using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Customers;
using Florist.Kernel;
using Florist.Occasions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Florist.Benchmarks.Engine;

/// <summary>
/// Fills a database with customers and their occasions, as their grains would have: states, rows and wake-ups are made
/// by the same code and written by the same statements, many in one transaction.
/// </summary>
internal static class MillionFiller
{
    private const int ChunkSize = 2_000;
    private const int LeadDays = 14;

    // Far enough behind that its morning is over everywhere, and far enough ahead that flowers can still be ordered.
    private const int DueDaysAgo = 2;

    /// <summary>Fills a folder's database.</summary>
    /// <param name="folder">The data folder, empty so far.</param>
    /// <param name="customers">How many customers, each with one birthday.</param>
    /// <param name="due">How many of them are due to be reminded.</param>
    public static async Task Fill(string folder, int customers, int due)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging();
        builder.Services.AddSqliteStorage();
        builder.Services.Configure<SqliteOptions>(options =>
        {
            options.DataFolder = folder;
            options.SyncEveryCommit = false;
        });
        using IHost host = builder.Build();
        SqliteDatabase database = host.Services.GetRequiredService<SqliteDatabase>();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Task written = Task.CompletedTask;
        for (int first = 0; first < customers; first += ChunkSize)
        {
            int start = first;
            (StateWrite, RowShape[])[] chunk = [.. Enumerable.Range(start, Math.Min(ChunkSize, customers - start))
                .AsParallel().AsOrdered()
                .SelectMany(i => Writes(i, i < due, now))
                .Select(write => (write, Shapes(database, write)))];

            // The next chunk is made while this one is written.
            await written;
            written = database.Writer.Run(0, session => Apply(session, chunk));
        }

        await written;
    }

    private static RowShape[] Shapes(SqliteDatabase database, StateWrite write) =>
        [.. write.Rows.Select(row => database.Schema.Shape(row))];

    private static int Apply(SqliteSession session, (StateWrite Write, RowShape[] Shapes)[] chunk)
    {
        foreach ((StateWrite write, RowShape[] shapes) in chunk)
        {
            SqliteStateStore.Apply(session, write, shapes);
        }

        return chunk.Length;
    }

    private static IEnumerable<StateWrite> Writes(int number, bool due, DateTimeOffset now)
    {
        CustomerId id = new(string.Create(CultureInfo.InvariantCulture, $"c{number:0000000}"));
        CustomerProfile profile = new()
        {
            GivenName = "Anna",
            FamilyName = "Lee",
            Email = $"{id}@example.com",
            Country = "GB",
            LanguageCode = "en-GB",
            TimeZone = "Europe/London",
        };
        CustomerRecord customer = new CustomerRecord().Apply(id, new ProfileSet(profile), now);

        // The news of the new customer has been handed over long ago.
        yield return Write("customer", "customer", id, customer, now) with { Messages = [] };

        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        DateOnly day = today.AddDays(due ? LeadDays - DueDaysAgo : 60 + (number % 300));
        OccasionBook book = new()
        {
            TimeZone = "Europe/London",
            CustomerRevision = 1,
            Customer = id,
            LeadDays = [LeadDays],
        };
        Occasion birthday = new()
        {
            Id = new OccasionId("birthday"),
            CreatedAt = now.AddDays(-20),
            UpdatedAt = now.AddDays(-20),
            Details = new OccasionDetails
            {
                Kind = OccasionKind.Birthday,
                Title = "Mum's birthday",
                Day = new FixedDay { Month = day.Month, Day = day.Day },
                FirstYear = 1960,
            },
        };
        birthday = ReminderSchedule.BeginningAt(book, birthday, now.AddDays(-20));
        yield return Write("occasions", "occasions", id, book.Apply(new OccasionPut(birthday)), now);
    }

    private static StateWrite Write<TState>(
        string type, string stateName, CustomerId id, TState state, DateTimeOffset now)
        where TState : IHasEffects => new()
        {
            GrainKey = $"{type}/{id}",
            StateName = stateName,
            Expected = null,
            Body = FloristJson.WriteBytes(state),
            HasEffects = true,
            NextDue = state.NextDue,
            WakeClass = state.WakeClass,
            Messages = state.Pending,
            Rows = state.Rows,
            Now = now,
        };
}

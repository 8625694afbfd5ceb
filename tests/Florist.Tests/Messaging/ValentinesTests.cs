using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Messaging.Templates;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Messaging;

/// <summary>
/// The morning before Valentine's Day: a million are to be reminded within one hour, or fewer within a time as much
/// shorter, while orders have their deadlines. The provider takes 200 a second, refuses one in twenty as too much, and
/// loses the answer to one in a hundred. All in virtual time, in which every step takes what it takes.
/// </summary>
public sealed class ValentinesTests
{
    private const string SizeVariable = "FLORIST_VALENTINES";
    private const int CustomersInCi = 1_000;
    private const int DeadlinesPerThousand = 50;
    private const int PerSecondMax = 200;

    private const int RemindersPerMinute = 1_000_000 / 60;

    private static readonly TimeSpan StepTakes = TimeSpan.FromMilliseconds(0.5);
    private static readonly DateTimeOffset Morning = new(2027, 2, 11, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public Task A_thousand_at_once_leave_as_the_provider_takes_them_and_no_deadline_waits_for_them() =>
        Run(CustomersInCi);

    /// <summary>The size is told by an environment variable: 1000000 for the whole story, which takes hours.</summary>
    [Fact(Explicit = true)]
    public Task As_many_as_wanted_in_their_share_of_an_hour() => Run(int.Parse(
        Environment.GetEnvironmentVariable(SizeVariable) ?? "20000",
        System.Globalization.CultureInfo.InvariantCulture));

    private static async Task Run(int customers)
    {
        int minutes = customers / RemindersPerMinute;
        ProbeFailures woken = new();
        HardProvider provider = new();
        await using TestShop shop = await OrderShop.Start(services =>
        {
            services.AddOccasions();
            services.AddMessaging();
            services.AddSingleton<IMessageRenderer>(SharedRenderer.Value);
            services.AddSingleton<IEmailTransport>(provider);
            services.AddSingleton<ISmsTransport>(new ScriptedProvider());
            services.AddSingleton(woken);
            services.AddSingleton<IOutboxHandler>(provider);
            services.Configure<OccasionsOptions>(options => options.WindowMinutes = minutes);
            services.Configure<MessagingOptions>(options => options.EmailsPerSecondMax = PerSecondMax);
        });
        provider.Time = shop.Time;
        shop.Time.Set(Morning.AddDays(-30));
        await Customers(shop, customers);
        await shop.RunDue();
        ImmutableArray<DateTimeOffset> deadlines =
            await Deadlines(shop, customers * DeadlinesPerThousand / 1000, Math.Max(1, minutes));

        List<TimeSpan> late = [];
        woken.Woken = (key, now) =>
        {
            int number = int.Parse(key, System.Globalization.CultureInfo.InvariantCulture);
            late.Add(now - deadlines[number]);
            shop.Time.Advance(StepTakes);
        };
        await shop.RunUntil(Morning.AddHours(8));

        late.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{customers} reminders, {provider.Taken.Count} arrived, {provider.Refused} refusals, {provider.Lost} lost "
            + $"answers; at most {provider.MostInASecond} in a second; deadlines late: p99 "
            + $"{late[late.Count * 99 / 100].TotalMilliseconds:0.0} ms, most {late[^1].TotalMilliseconds:0.0} ms"));
        Assert.True(provider.Refused > 0 && provider.Lost > 0, "nothing went wrong, so nothing was tried");
        Assert.True(provider.MostInASecond <= PerSecondMax, $"{provider.MostInASecond} in a second");
        Assert.Equal(deadlines.Length, late.Count);
        Assert.InRange(late[late.Count * 99 / 100], TimeSpan.Zero, TimeSpan.FromSeconds(2));
        await CheckRecords(shop, customers, provider);
    }

    private static async Task Customers(TestShop shop, int count)
    {
        OccasionDetails valentine = new()
        {
            Kind = OccasionKind.Anniversary,
            Title = "Valentine's Day",
            Day = new FixedDay { Month = 2, Day = 14 },
            LeadDays = [3],
        };
        for (int i = 0; i < count; i++)
        {
            string id = Name(i);
            CustomerView customer = (await shop.Grain<ICustomerGrain>(id).Create(new CreateCustomer(null, new()
            {
                GivenName = "Anna",
                Email = $"{id}@example.com",
                Country = "GB",
                LanguageCode = "en-GB",
                TimeZone = "Europe/London",
                Preferences = new Preferences { OptIns = [new OptIn(Channel.Email, Purpose.OccasionReminders)] },
            }))).Value();
            (await shop.Grain<IOccasionsGrain>(id).Add(
                new AddOccasion(null, valentine), CustomerFacts.Of(customer))).Value();
        }
    }

    private static async Task<ImmutableArray<DateTimeOffset>> Deadlines(TestShop shop, int count, int minutes)
    {
        Random random = new(14);
        ImmutableArray<DateTimeOffset> deadlines = [.. Enumerable.Range(0, count)
            .Select(_ => Morning.AddHours(1).AddMilliseconds(random.Next(minutes * 60_000)))];
        for (int i = 0; i < count; i++)
        {
            await shop.Grain<IProbeGrain>(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i}"))
                .Set(new ProbeCommand { Due = deadlines[i], Class = WakeClass.Deadline });
        }

        return deadlines;
    }

    // Every reminder has one message, every message has an end that its record tells, and nobody got two.
    private static async Task CheckRecords(TestShop shop, int customers, HardProvider provider)
    {
        MessageShelf shelf = new(shop.Get<IGrainRows>());
        for (int i = 0; i < customers; i++)
        {
            MessageRecord message = Assert.Single(
                await shelf.Newest(MessageShelf.Of(Name(i)), 10, null, CancellationToken.None));
            int taken = provider.Taken.GetValueOrDefault(message.To ?? "");
            Assert.True(message.IsOver, $"{message.Id} is {message.State}");
            Assert.InRange(taken, message.State == MessageState.Sent ? 1 : 0, 1);
            Assert.True(
                message.State is MessageState.Sent or MessageState.Uncertain,
                $"{message.Id} is {message.State}: {message.Reason}");
        }

        Assert.Null(await shop.Get<IOutboxTable>().NextDue(CancellationToken.None));
    }

    private static string Name(int number) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"c{number:0000000}");

    /// <summary>Refuses one in twenty as too much, and loses the answer to one in a hundred.</summary>
    private sealed class HardProvider : IEmailTransport, IOutboxHandler
    {
        private readonly Random random = new(214);
        private readonly Queue<DateTimeOffset> lastSecond = [];

        public ManualTime Time { get; set; } = new();

        public string Topic => OccasionsTopics.ReminderDue;

        public Dictionary<string, int> Taken { get; } = new(StringComparer.Ordinal);

        public int Refused { get; private set; }

        public int Lost { get; private set; }

        public int MostInASecond { get; private set; }

        public Task<SendOutcome> Send(OutgoingEmail email, CancellationToken cancel)
        {
            Time.Advance(StepTakes);
            DateTimeOffset now = Time.GetUtcNow();
            lastSecond.Enqueue(now);
            while (now - lastSecond.Peek() >= TimeSpan.FromSeconds(1))
            {
                lastSecond.Dequeue();
            }

            MostInASecond = Math.Max(MostInASecond, lastSecond.Count);
            int luck = random.Next(100);
            if (luck < 5)
            {
                Refused++;
                return Task.FromResult(SendOutcome.Deferred(SendProblem.Throttled, "429", "too many requests"));
            }

            string to = email.To.Address;
            Taken[to] = Taken.GetValueOrDefault(to) + 1;
            Lost += luck == 5 ? 1 : 0;
            return Task.FromResult(luck == 5
                ? SendOutcome.Uncertain("TIMEOUT", "no answer")
                : SendOutcome.Accepted(email.MessageKey));
        }

        // Hears of every reminder, for that takes its time too.
        public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
        {
            Time.Advance(StepTakes);
            return Task.FromResult(OutboxResult.Done);
        }

        public Task<LookupOutcome> Lookup(OutgoingEmail email, LookupHint hint, CancellationToken cancel) =>
            Task.FromResult(LookupOutcome.CannotTell);
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Globalization;
using Florist.Delivery;
using Florist.Kernel;
using Florist.Messaging;
using Florist.Occasions;
using Florist.Orders;
using Florist.Tests.Kernel.Engine;
using Florist.Tests.Messaging;
using Florist.Tests.Occasions;
using Florist.Tests.Orders;
using Florist.Tests.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Florist.Tests.Kernel.Faults;

/// <summary>
/// The shop is down for a minute, a day, eight days, forty days, fourteen months, with all sorts of work due: what it
/// does at its return is what the table of <see cref="CatchUpRules"/> says, and what it does not do is on record.
/// </summary>
public sealed class DowntimeTests
{
    public static TheoryData<double, string> Reminders => new()
    {
        // The birthday is on 10 March; it stops on the evening before the reminder of 24 February.
        { 1.0 / (24 * 60), "" },
        { 1, "sent 2027:14" },
        { 8, "sent 2027:14" },
        { 12, "sent 2027:03, Collapsed 2027:14" },
        { 40, "Missed 2027:03, Missed 2027:14" },
        { 425, "Missed 2027:03, Missed 2027:14, Missed 2028:03, Missed 2028:14" },
    };

    public static TheoryData<double, MessageState> Notices => new()
    {
        { 1.0 / (24 * 60), MessageState.Sent },
        { 119.0 / (24 * 60), MessageState.Sent },
        { 121.0 / (24 * 60), MessageState.Expired },
        { 1, MessageState.Expired },
        { 8, MessageState.Expired },
        { 40, MessageState.Expired },
        { 425, MessageState.Expired },
    };

    public static TheoryData<double> Stops => [1.0 / (24 * 60), 1, 8, 40, 425];

    [Theory]
    [MemberData(nameof(Reminders))]
    public async Task Reminders_are_sent_while_an_order_is_possible_the_newest_only_and_all_others_are_recorded(
        double days, string expected)
    {
        ReminderLedger ledger = new();
        await using TestShop shop = await OccasionShop.Start(ledger);
        await shop.Add(Books.MumsBirthday);
        shop.Time.Set(Books.At("2027-02-23T18:00:00Z"));
        using Skips skips = new();

        shop.Time.Advance(TimeSpan.FromDays(days));
        await shop.Restart(crash: true);
        await shop.RunDue();

        string sent = string.Join(", ", (await shop.Rows(OccasionBook.RemindedRow)).Select(row => $"sent {Step(row)}"));
        ImmutableArray<GrainRow> skipped = await SkipRows(shop);
        string all = string.Join(", ", new[] { sent }.Where(text => text.Length > 0).Concat(skipped.Select(row =>
            $"{FloristJson.Read<ReminderSettled>(row.Body).Skipped} {Step(row.Id)}")));
        Assert.Equal(expected, all);
        Assert.Equal(sent.Length == 0 ? 0 : 1, ledger.Keys.Length);
        Assert.True(skips.Of(CatchUpKind.OccasionReminder) >= skipped.Length, "not all skips were measured");
    }

    [Theory]
    [MemberData(nameof(Notices))]
    public async Task News_of_a_delivery_is_sent_up_to_two_hours_late_and_otherwise_recorded(
        double days, MessageState expected)
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.Dispatched);
        using Skips skips = new();

        shop.Shop.Time.Advance(TimeSpan.FromDays(days));
        await shop.Shop.Restart(crash: true);
        await shop.Shop.RunDue();

        MessageRecord message = await shop.Message();
        Assert.Equal(expected, message.State);
        Assert.Equal(expected == MessageState.Sent ? 1 : 0, shop.Email.Taken.Count);
        Assert.True(skips.Of(CatchUpKind.OrderNotice) >= (expected == MessageState.Expired ? 1 : 0), "not measured");
    }

    [Fact]
    public async Task News_that_was_overtaken_during_the_stop_is_not_told_and_recorded()
    {
        await using LetterShop shop = await LetterShop.Open();
        await shop.Propose(MessageKind.Dispatched, rank: NewsRanks.Step(1, 1));
        await shop.Propose(MessageKind.Delivered, rank: NewsRanks.DeliveryEnded);
        shop.Shop.Time.Advance(TimeSpan.FromMinutes(30));
        await shop.Shop.Restart(crash: true);

        await shop.Shop.RunDue();

        Assert.Equal(
            [(MessageKind.Dispatched, MessageState.Suppressed), (MessageKind.Delivered, MessageState.Sent)],
            (await shop.Messages()).Select(message => (message.Kind, message.State)).Order());
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task An_order_whose_payment_never_came_expires_as_of_its_time_whatever_the_length_of_the_stop(
        double days)
    {
        Heard heard = new(OrdersTopics.Expired);
        await using TestShop shop = await OrderShop.Start(services =>
        {
            services.Replace(new PaymentsThatNeverAnswer());
            services.AddSingleton<IOutboxHandler>(heard);
        });
        OrderRecord order = (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        DateTimeOffset due = order.ExpiresAt ?? throw new InvalidOperationException("an unpaid order expires");
        shop.Time.Set(due.AddSeconds(-1) + TimeSpan.FromDays(days));
        await shop.Restart(crash: true);

        await shop.RunDue();

        OrderRecord after = await shop.Order(order.Id.Value);
        Assert.Equal((OrderState.Expired, shop.Time.GetUtcNow()), (after.State, after.UpdatedAt));
        Assert.Equal([due], heard.All<OrderExpired>().Select(news => news.ExpiredAt));
    }

    [Theory]
    [InlineData(-1, OrderState.Confirmed)]
    [InlineData(0, OrderState.Expired)]
    [InlineData(40 * 24 * 3600, OrderState.Expired)]
    public async Task A_payment_that_comes_before_the_wake_up_but_after_the_orders_time_is_given_back(
        int secondsLate, OrderState expected)
    {
        PaymentsThatNeverAnswer payments = new();
        await using TestShop shop = await OrderShop.Start(services => services.Replace(payments));
        OrderRecord order = (await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"))).OrThrow();
        DateTimeOffset due = order.ExpiresAt ?? throw new InvalidOperationException("an unpaid order expires");
        shop.Time.Set(due.AddSeconds(secondsLate));

        await shop.Grain<IOrderGrain>("o1").Settle(new PaymentSettled(true, "ref_1"));
        await shop.RunDue();

        Assert.Equal(expected, (await shop.Order("o1")).State);
        Assert.Equal(expected == OrderState.Expired ? ["ref_1"] : [], payments.Released);
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task A_delivery_that_came_to_be_late_during_the_stop_is_late_since_the_end_of_its_window(double days)
    {
        Heard heard = new(DeliveryEvents.Changed);
        await using TestShop shop =
            await OrderShop.Start(services => services.AddSingleton<IOutboxHandler>(heard));
        await shop.Grain<IOrderGrain>("o1").Place(OrderSamples.Place("o1"));
        await shop.RunDue();
        DateTimeOffset due = (await shop.Order("o1")).Terms.WindowEndsAt;
        shop.Time.Set(due.AddSeconds(-1) + TimeSpan.FromDays(days));
        await shop.Restart(crash: true);

        await shop.RunDue();

        bool silent = days >= 1;
        Assert.Equal(
            [
                (DeliveryChangeKind.LateRisk, due - DeliveryDues.RiskLead),
                (DeliveryChangeKind.Late, due),
                .. silent
                    ? [(DeliveryChangeKind.Stalled, due + DeliveryDues.SilenceMax)]
                    : Array.Empty<(DeliveryChangeKind, DateTimeOffset)>(),
            ],
            heard.All<DeliveryChanged>()
                .Where(news => news.Kind is not (DeliveryChangeKind.Opened or DeliveryChangeKind.State))
                .Select(news => (news.Kind, news.OccurTime)));
    }

    [Theory]
    [MemberData(nameof(Stops))]
    public async Task Deadlines_are_kept_in_due_order_whatever_their_age_and_late_ones_raise_an_alert(double days)
    {
        ProbeFailures woken = new();
        await using TestShop shop = await TestShop.Start(services => services.AddSingleton(woken));
        DateTimeOffset start = shop.Time.GetUtcNow();
        string[] keys = [.. Enumerable.Range(0, 20).Select(i => $"d{(i * 7) % 20:00}")];
        foreach (string key in keys)
        {
            await shop.Grain<IProbeGrain>(key).Set(new ProbeCommand
            {
                Due = start.AddSeconds(int.Parse(key[1..], CultureInfo.InvariantCulture)),
                Class = WakeClass.Deadline,
            });
        }

        shop.Time.Set(start.AddSeconds(80) + TimeSpan.FromDays(days));
        await shop.Restart(crash: true);
        Assert.Equal(20, await shop.RunDue());

        Assert.Equal(keys.Order(StringComparer.Ordinal), woken.Order);
        Assert.Equal(20, shop.Log.Entries.Count(entry => entry.Id == 108));
    }

    private static string Step(string row) => row[(row.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private static async Task<ImmutableArray<GrainRow>> SkipRows(TestShop shop) => await shop.Get<IGrainRows>().Read(
        Orleans.Runtime.GrainId.Create("occasions", "anna"), OccasionBook.SkipRow, 100);

    /// <summary>Keeps what is published under one topic, in the order in which it comes.</summary>
    private sealed class Heard(string topic) : IOutboxHandler
    {
        private readonly ConcurrentQueue<OutboxMessage> messages = new();

        public string Topic => topic;

        public IEnumerable<T> All<T>() => messages.Select(message => message.Read<T>());

        public Task<OutboxResult> Handle(OutboxMessage message, CancellationToken cancellationToken)
        {
            messages.Enqueue(message);
            return Task.FromResult(OutboxResult.Done);
        }
    }

    /// <summary>Counts what is measured as skipped; other tests of this process count along.</summary>
    private sealed class Skips : IDisposable
    {
        private readonly MeterListener listener = new();
        private readonly Dictionary<string, long> counts = [];

        public Skips()
        {
            listener.InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "florist.missed_catchup")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            };
            listener.SetMeasurementEventCallback<long>(Count);
            listener.Start();
        }

        public long Of(CatchUpKind kind)
        {
            lock (counts)
            {
                return counts.GetValueOrDefault(kind.ToString());
            }
        }

        public void Dispose() => listener.Dispose();

        private void Count(
            Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
        {
            lock (counts)
            {
                string kind = tags[0].Value as string ?? "";
                counts[kind] = counts.GetValueOrDefault(kind) + value;
            }
        }
    }
}

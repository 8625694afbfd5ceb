using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Customers;
using Florist.Kernel;
using Florist.Messaging;

namespace Florist.Tests.Messaging;

/// <summary>
/// The process dies at random points between proposal, intent, the provider's acceptance and the record of the
/// outcome, and after it before the order to send is deleted. Whatever happens, nothing is lost, and nothing is
/// doubled where the provider can be asked. A failure prints the seed.
/// </summary>
public sealed class CrashSweepTests
{
    private const int MessagesMax = 5;
    private const int CrashesMax = 6;

    private static readonly MessageKind[] Kinds =
    [
        MessageKind.OrderConfirmed, MessageKind.Delivered, MessageKind.OccasionReminder, MessageKind.AttemptFailed,
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    /// <summary>Where the process may die.</summary>
    private enum Point
    {
        Nowhere,
        AfterProposal,
        BeforeIntent,
        BeforeAcceptance,
        AfterAcceptance,
        AfterOutcome,
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Where_the_provider_can_be_asked_every_message_arrives_exactly_once(int seed)
    {
        await using LetterShop shop = await Run(seed, canTell: true);

        ImmutableArray<MessageRecord> messages = await shop.Messages();
        Assert.Equal(MessagesMax, messages.Length);
        Assert.All(messages, message => Assert.Equal((seed, MessageState.Sent), (seed, message.State)));
        Assert.Equal(
            messages.Select(message => $"anna.{message.Id}").Order(StringComparer.Ordinal),
            shop.Email.Taken.Select(taken => taken.Key).Order(StringComparer.Ordinal));
        Assert.Equal(
            messages.Select(message => $"P-anna.{message.Id}").Order(StringComparer.Ordinal),
            messages.Select(message => message.ProviderId).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Where_it_cannot_tell_reminders_come_at_most_once_and_notices_once_or_twice(int seed)
    {
        await using LetterShop shop = await Run(seed, canTell: false);

        foreach (MessageRecord message in await shop.Messages())
        {
            int taken = shop.Email.Taken.Count(each => each.Key == $"anna.{message.Id}");
            Assert.True(message.IsOver, $"seed {seed}: {message.Id} is {message.State}");
            if (message.Kind == MessageKind.OccasionReminder)
            {
                Assert.InRange(taken, 0, 1);
                Assert.Equal((seed, false), (seed, message.Resent));
            }
            else
            {
                // A crash before acceptance on both tries leaves none; then it is on record as unknown, not as sent.
                Assert.InRange(taken, message.State == MessageState.Sent ? 1 : 0, message.Resent ? 2 : 1);
            }
        }
    }

    private static async Task<LetterShop> Run(int seed, bool canTell)
    {
        Random random = new(seed);
        LetterShop shop = await LetterShop.Open();
        shop.Email.CanTell = canTell;
        int crashes = 0;
        for (int i = 0; i < MessagesMax; i++)
        {
            MessageKind kind = Kinds[random.Next(Kinds.Length)];
            DateTimeOffset at = Letters.Morning.AddSeconds(i);
            Point point = Draw();
            await Propose(shop, kind, i, at);
            if (point == Point.AfterProposal)
            {
                // The event's own row was not deleted: the proposal comes again.
                await shop.Shop.Restart(crash: true);
                await Propose(shop, kind, i, at);
            }

            await Pump(shop, Draw);
        }

        // Faults end; time does the rest.
        for (int i = 0; i < 50 && await NextDue(shop) is { } due; i++)
        {
            shop.Shop.Time.Set(due > shop.Shop.Time.GetUtcNow() ? due : shop.Shop.Time.GetUtcNow());
            await Pump(shop, () => Point.Nowhere);
        }

        Assert.Null(await NextDue(shop));
        return shop;

        Point Draw()
        {
            Point drawn = crashes < CrashesMax ? (Point)random.Next(6) : Point.Nowhere;
            crashes += drawn == Point.Nowhere ? 0 : 1;
            return drawn;
        }
    }

    private static async Task Propose(LetterShop shop, MessageKind kind, int number, DateTimeOffset at)
    {
        CustomerView customer = (await shop.Shop.Grain<ICustomerGrain>(LetterShop.Anna).Get()).Value();
        MessageCandidate candidate = Letters.Candidate(kind, Addressee.Of(customer), at, $"o{number}/d1");
        await shop.Correspondence.Propose(candidate with { Key = $"{candidate.Key}:{number}" });
    }

    /// <summary>Hands over what is due as the pump does, and dies where it is told to.</summary>
    private static async Task Pump(LetterShop shop, Func<Point> draw)
    {
        // Every crash makes a row due again; a repeat beyond this is a circle.
        for (int i = 0; i < 100; i++)
        {
            DateTimeOffset now = shop.Shop.Time.GetUtcNow();
            IOutboxTable table = shop.Shop.Get<IOutboxTable>();
            ImmutableArray<OutboxRow> due = [];
            foreach (OutboxClass lane in Enum.GetValues<OutboxClass>())
            {
                due = [.. due, .. await table.Due(lane, now, 10, CancellationToken.None)];
            }

            if (due.IsEmpty)
            {
                return;
            }

            await Carry(shop, table, due[0], draw());
            shop.Shop.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Fail("the outbox does not come to rest");
    }

    private static async Task Carry(LetterShop shop, IOutboxTable table, OutboxRow row, Point point)
    {
        IOutboxHandler handler = shop.Shop.Get<IEnumerable<IOutboxHandler>>()
            .Single(candidate => candidate.Topic == row.Message.Topic);
        bool before = point == Point.BeforeAcceptance;
        shop.Email.BeforeTaking = before ? () => Die(shop) : null;
        shop.Email.BeforeAnswer = point == Point.AfterAcceptance ? _ => Die(shop) : null;
        try
        {
            if (point == Point.BeforeIntent)
            {
                Die(shop);
            }

            OutboxResult result = await handler.Handle(row.Message, CancellationToken.None);
            Assert.True(result.IsDone, result.Reason);
            if (point == Point.AfterOutcome)
            {
                Die(shop);
            }

            await table.Delete(row.Message.Key);
        }
        catch (DeadProcessException)
        {
            await shop.Shop.Restart(crash: true);
        }
        finally
        {
            shop.Email.BeforeTaking = null;
            shop.Email.BeforeAnswer = null;
        }
    }

    private static Task<DateTimeOffset?> NextDue(LetterShop shop) =>
        shop.Shop.Get<IOutboxTable>().NextDue(CancellationToken.None);

    private static void Die(LetterShop shop)
    {
        shop.Shop.Get<SqliteDatabase>().Abandon();
        throw new DeadProcessException();
    }

    private sealed class DeadProcessException : Exception;
}

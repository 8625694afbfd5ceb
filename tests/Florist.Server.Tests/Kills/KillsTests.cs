using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using Florist.Protos.Customers.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Orders.V1;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Grpc.Core;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;

namespace Florist.Server.Tests.Kills;

/// <summary>
/// The server's process is killed while it works, and started again on the same folder: what it acknowledged is there,
/// and nobody is told anything twice.
/// </summary>
public sealed partial class KillsTests
{
    private const int LongestDelayMs = 60;

    [Theory]
    [InlineData(20261123, 8)]
    public Task A_day_on_which_the_server_is_killed_again_and_again_ends_as_any_other(int seed, int kills) =>
        Play(seed, kills);

    [Fact(Explicit = true)]
    public async Task Many_such_days_end_as_any_other()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            await Play(seed, kills: 12);
        }
    }

    // At seeded steps the server is killed a seeded while after the step was begun.
    private static async Task Play(int seed, int kills)
    {
        Random random = new(seed);
        using TempFolder folder = new();
        ServerProcess server = await ServerProcess.Start(folder.Path);
        StaffDesk staff = new(server.Address);
        string last = "the start";
        try
        {
            ShopDay day = new(() => staff);
            ImmutableArray<Step> steps = day.Steps();
            HashSet<int> moments = Moments(random, steps.Length, kills);
            List<Step> acknowledged = [];
            foreach ((int number, Step step) in steps.Index())
            {
                last = step.Name;
                if (moments.Contains(number))
                {
                    Task begun = step.Do();
                    await Task.Delay(random.Next(LongestDelayMs));
                    await server.Kill();
                    bool answered = await IsAnswered(begun);
                    await server.DisposeAsync();
                    staff.Dispose();
                    server = await ServerProcess.Start(folder.Path);
                    staff = new StaffDesk(server.Address);
                    await AllHold(answered ? [.. acknowledged, step] : acknowledged);
                    if (!answered)
                    {
                        await step.Do();
                    }
                }
                else
                {
                    await step.Do();
                }

                acknowledged.Add(step);
            }

            last = "the end";
            await AllHold(acknowledged);
            await AssertEnd(staff, day);
            ImmutableArray<string> told = await KeysOfNews(staff);
            Assert.Equal(0, await server.Stop());
            Assert.Equal(told.Order(), Mails(folder.Path).Concat(Texts(folder.Path)).Order());
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException)
        {
            throw new InvalidOperationException($"with seed {seed} and {kills} kills, at \"{last}\"", thrown);
        }
        finally
        {
            staff.Dispose();
            await server.DisposeAsync();
        }
    }

    private static HashSet<int> Moments(Random random, int steps, int kills)
    {
        int[] order = [.. Enumerable.Range(0, steps)];
        random.Shuffle(order);
        return [.. order.Take(kills)];
    }

    // False: the answer was lost with the server, and what became of the request is not known.
    private static async Task<bool> IsAnswered(Task begun)
    {
        try
        {
            await begun;
            return true;
        }
        catch (RpcException lost) when (lost.StatusCode is StatusCode.Unavailable or StatusCode.Cancelled)
        {
            return false;
        }
    }

    private static async Task AllHold(IEnumerable<Step> acknowledged)
    {
        foreach (Step step in acknowledged)
        {
            await step.Holds();
        }
    }

    private static async Task AssertEnd(StaffDesk staff, ShopDay day)
    {
        ListOrdersResponse orders = await staff.Clients.Orders.ListOrdersAsync(
            new ListOrdersRequest(), staff.Clients.Staff);
        Assert.Equal(
            ShopDay.News.Keys.Select(day.OrderOf).Order(), orders.Orders.Select(order => order.Name).Order());
        ListCustomersResponse customers = await staff.Clients.Customers.ListCustomersAsync(
            new ListCustomersRequest(), staff.Clients.Staff);
        Assert.Equal(
            [("customers/anna", 1), ("customers/ben", 1), ("customers/cleo", 0)],
            customers.Customers.Select(one => (one.Name, one.Traits.OrderCount)).Order());
    }

    // The keys of all messages, which are those of the day and no others.
    private static async Task<ImmutableArray<string>> KeysOfNews(StaffDesk staff)
    {
        ImmutableArray<string>.Builder keys = ImmutableArray.CreateBuilder<string>();
        foreach ((string customer, ImmutableArray<(Message.Types.Kind, Channel)> news) in ShopDay.News)
        {
            IReadOnlyList<Message> messages = await staff.Messages($"customers/{customer}");
            Assert.All(messages, one => Assert.Equal(Message.Types.State.Sent, one.State));
            Assert.Equal(news.Order(), messages.Select(one => (one.Kind, one.Channel)).Order());
            keys.AddRange(messages.Select(one => $"{one.Channel} {customer}.{one.Name.Split('/')[^1]}"));
        }

        return keys.ToImmutable();
    }

    private static IEnumerable<string> Mails(string folder) =>
        from file in Directory.EnumerateFiles(Path.Combine(folder, "mail"), "*.eml")
        select $"{Channel.Email} {MessageId().Match(File.ReadAllText(file)).Groups["key"].Value}";

    private static IEnumerable<string> Texts(string folder) =>
        from line in File.ReadLines(Path.Combine(folder, "sms.log"))
        select $"{Channel.Sms} {JsonElement.Parse(line).GetProperty("messageKey").GetString()}";

    [GeneratedRegex(@"^Message-ID: <(?<key>[^@]+)@localhost>\r$", RegexOptions.Multiline)]
    private static partial Regex MessageId();
}

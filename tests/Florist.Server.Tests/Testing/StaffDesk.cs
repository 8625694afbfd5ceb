using System.Collections.Immutable;
using Florist.Kernel;
using Florist.Protos.Customers.V1;
using Florist.Protos.Delivery.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Sandbox.V1;
using Florist.Server.Tour;
using Google.Protobuf.WellKnownTypes;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using Kind = Florist.Protos.Messaging.V1.Message.Types.Kind;

namespace Florist.Server.Tests.Testing;

/// <summary>What staff do at a Development server: they dispatch, look at messages and turn the clock.</summary>
internal sealed class StaffDesk(Uri server) : IDisposable
{
    private const string Zone = "Europe/London";
    private const int LooksPerMinute = 20;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    /// <summary>Generated clients, for what the desk has no words for.</summary>
    public TourClients Clients { get; } = new(server);

    /// <summary>The product's present.</summary>
    public async Task<DateTimeOffset> Now() =>
        (await Clients.Sandbox.GetClockAsync(new GetClockRequest(), Clients.Staff)).CurrentTime.ToDateTimeOffset();

    /// <summary>The first day from tomorrow on that the shop delivers on: it rests on Sundays.</summary>
    public async Task<DateOnly> FirstOpenDay()
    {
        DateOnly tomorrow = Zones.Day(await Now(), Zone).AddDays(1);
        return tomorrow.DayOfWeek == DayOfWeek.Sunday ? tomorrow.AddDays(1) : tomorrow;
    }

    /// <summary>Turns the clock to ten on a day's morning; returns when what fell due on the way is done.</summary>
    public Task<DateTimeOffset> TurnClockToMorningOf(DateOnly day) =>
        TurnClock(new AdvanceClockRequest
        {
            UntilTime = MorningOf(day).ToTimestamp(),
        });

    /// <summary>Ten in the morning of a day.</summary>
    public static DateTimeOffset MorningOf(DateOnly day) => Zones.Instant(day, new TimeOnly(10, 0), Zone);

    /// <summary>Turns the clock on; returns when what fell due on the way is done.</summary>
    public Task<DateTimeOffset> TurnClockOn(TimeSpan duration) =>
        TurnClock(new AdvanceClockRequest { Duration = duration.ToDuration() });

    /// <summary>Gives an order's first delivery to a courier.</summary>
    /// <param name="order">Its resource name.</param>
    /// <param name="courier">The courier's resource name.</param>
    /// <param name="requestId">Makes a repeat safe; empty for none.</param>
    public async Task Dispatch(string order, string courier, string requestId = "") =>
        await Clients.Deliveries.AssignDeliveryAsync(
            new AssignDeliveryRequest { Name = $"{order}/deliveries/d1", Courier = courier, RequestId = requestId },
            Clients.Staff);

    /// <summary>A customer's messages, with their texts, the first first.</summary>
    public async Task<IReadOnlyList<Message>> Messages(string customer)
    {
        ListMessagesResponse listed = await Clients.Messages.ListMessagesAsync(
            new ListMessagesRequest { Parent = customer }, Clients.Staff);
        List<Message> whole = [];
        foreach (Message one in listed.Messages.Reverse())
        {
            whole.Add(await Clients.Messages.GetMessageAsync(
                new GetMessageRequest { Name = one.Name }, Clients.Staff));
        }

        return whole;
    }

    /// <summary>
    /// Waits until these messages to a customer have left. Where one is to be asked about or tried again later, that
    /// is a matter of minutes of the clock, so it is turned.
    /// </summary>
    public async Task UntilSent(string customer, ImmutableArray<(Kind Kind, Channel Channel)> awaited)
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        for (int look = 1; ; look++)
        {
            IReadOnlyList<Message> messages = await Messages(customer);
            IEnumerable<(Kind, Channel)> sent = messages
                .Where(one => one.State == Message.Types.State.Sent).Select(one => (one.Kind, one.Channel));
            if (!awaited.Except(sent).Any())
            {
                return;
            }

            if (look % LooksPerMinute == 0)
            {
                await TurnClockOn(TimeSpan.FromMinutes(1));
            }

            await Task.Delay(BetweenLooks, limit.Token);
        }
    }

    /// <summary>All customers of a listing, page by page.</summary>
    public async Task<IReadOnlyList<Customer>> Customers(ListCustomersRequest request)
    {
        List<Customer> all = [];
        do
        {
            ListCustomersResponse page = await Clients.Customers.ListCustomersAsync(request, Clients.Staff);
            all.AddRange(page.Customers);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return all;
    }

    public void Dispose() => Clients.Dispose();

    private async Task<DateTimeOffset> TurnClock(AdvanceClockRequest request) =>
        (await Clients.Sandbox.AdvanceClockAsync(request, Clients.Staff)).CurrentTime.ToDateTimeOffset();
}

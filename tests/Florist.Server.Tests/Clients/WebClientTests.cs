using System.Globalization;
using Florist.Protos.Delivery.V1;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Google.Protobuf.WellKnownTypes;
using State = Florist.Protos.Delivery.V1.Delivery.Types.State;

namespace Florist.Server.Tests.Clients;

/// <summary>The page of <c>docs/clients/web</c>, made and served by the commands that explain it.</summary>
public sealed class WebClientTests
{
    private const string Courier = "couriers/velo";

    [Fact]
    public async Task A_page_made_by_the_commands_orders_explains_refusals_and_watches_over_a_restart_and_a_reload()
    {
        BrowserPeer.SkipUnlessThere();
        using ClientTree tree = await ClientTree.Make();
        using TempFolder folder = new();
        string cors = $"--Edge:CorsOrigins:0=http://{tree.Origin}";
        await using ServerProcess server = await ServerProcess.Start(folder.Path, cors);
        await tree.MeanServer(server);
        await using ClientProcess commands = tree.Shell(string.Join('\n', tree.Commands("### A front-end team")));
        string url = (await commands.Says("open http")).Split(' ')[^1];
        await commands.Says("Local:");
        using StaffDesk staff = new(server.Address);
        await using BrowserPeer browser = new(tree.Npm);
        await browser.Open(url);

        DateOnly day = await staff.FirstOpenDay();
        await browser.Choose("[name=bouquet]", "bouquets/dozen-red-roses");
        await SeeRefusals(browser, day);
        await browser.Fill("[name=card]", "Thinking of you");
        await browser.Click("#quote");
        await browser.Shows("#price", "£");
        await browser.Click("#order");
        await browser.Shows("#state", "CONFIRMED PENDING");
        string order = await browser.Shows("#name", "orders/");
        await staff.Dispatch(order, Courier);
        await browser.Shows("#state", "CONFIRMED ASSIGNED");

        await server.Kill();
        await browser.Shows("#line", "(reconnecting)");
        await using ServerProcess again = await server.StartAgain(cors);
        await Report(staff, order, "e1", State.OutForDelivery);
        await browser.Shows("#state", "IN_DELIVERY OUT_FOR_DELIVERY");
        await browser.Reload();
        await Report(staff, order, "e2", State.Delivered);
        await browser.Shows("#state", "COMPLETED DELIVERED");
    }

    // A refusal as a sentence, then a wrong field beside the field.
    private static async Task SeeRefusals(BrowserPeer browser, DateOnly day)
    {
        await browser.Fill("[name=day]", "2020-01-06");
        await browser.Click("#quote");
        await browser.Shows("#problem[data-reason=PAST_CUT_OFF]", "too late for that day");
        await browser.Fill("[name=day]", day.ToString("O", CultureInfo.InvariantCulture));
        await browser.Fill("[name=card]", "For you 💐");
        await browser.Click("#quote");
        await browser.Shows("[data-wrong='order.card_message.text']", "no emoji");
    }

    private static async Task Report(StaffDesk staff, string order, string eventId, State state)
    {
        ReportUpdatesRequest request = new()
        {
            Courier = Courier,
            Events =
            {
                new DeliveryEvent
                {
                    EventId = eventId,
                    Delivery = $"{order}/deliveries/d1",
                    Leg = 1,
                    OccurTime = (await staff.Now()).ToTimestamp(),
                    StateReport = new() { State = state },
                },
            },
        };
        ReportUpdatesResponse response = await staff.Clients.Couriers.ReportUpdatesAsync(request, staff.Clients.Staff);
        Assert.Equal(UpdateResult.Types.Disposition.Applied, Assert.Single(response.Results).Disposition);
    }
}

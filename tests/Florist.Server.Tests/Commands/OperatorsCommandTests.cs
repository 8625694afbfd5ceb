using System.Text.Json.Nodes;
using Florist.Protos.Delivery.V1;
using Florist.Server.Commands;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Commands;

/// <summary>The operators' verbs against a running server.</summary>
public sealed class OperatorsCommandTests(LocalServer server) : IClassFixture<LocalServer>
{
    [Fact]
    public async Task A_pause_stands_in_the_status_until_it_is_resumed()
    {
        ToolRun pause = await Run("sends", "pause", "--channel", "Sms", "--reason", "wrong prices");
        Assert.True(pause.ExitCode == 0, pause.Said);
        Assert.Equal("sendPauses/sms is paused.", pause.Output.Trim());

        ToolRun pauses = await Run("sends", "status");
        Assert.Equal(OperatorsLine.Attention, pauses.ExitCode);
        Assert.Matches(@"sendPauses/sms +SMS +- +staff +wrong prices", pauses.Output);

        ToolRun status = await Run("status", "--json");
        Assert.Equal(OperatorsLine.Attention, status.ExitCode);
        Assert.Equal("sendPauses/sms", (string?)JsonNode.Parse(status.Output)?["sendPauses"]?[0]?["name"]);

        ToolRun resume = await Run("sends", "resume", "--name", "sendPauses/sms", "--reason", "mended");
        Assert.True(resume.ExitCode == 0, resume.Said);
        ToolRun twice = await Run("sends", "resume", "--name", "sendPauses/sms", "--reason", "mended");
        Assert.Equal(OperatorsLine.Refused, twice.ExitCode);
        Assert.Contains("NotFound", twice.Errors, StringComparison.Ordinal);

        ToolRun actions = await Run("actions", "--filter", "subject = \"sendPauses/sms\"");
        Assert.Matches(@"RESUME_SENDS +1 +yes +mended", actions.Output);
        Assert.Matches(@"PAUSE_SENDS +1 +yes +wrong prices", actions.Output);
    }

    [Fact]
    public async Task What_is_parked_is_listed_and_put_away()
    {
        using TourClients clients = new(server.Address);
        await clients.Couriers.ReportUpdatesAsync(
            new ReportUpdatesRequest
            {
                Courier = "couriers/velo",
                Events = { new DeliveryEvent { EventId = "e1", Delivery = "orders/none/deliveries/d1", Leg = 1 } },
            },
            TourClients.As("courier:velo"));

        ToolRun list = await Run("parked", "list", "--filter", "source = REPORT");
        Assert.True(list.ExitCode == 0, list.Said);
        Assert.Matches(@"REPORT +velo +REJECTED +1 +parkedItems/report-\w+", list.Output);

        ToolRun both = await Run("parked", "drop", "--reason", "seen");
        Assert.Equal(OperatorsLine.Refused, both.ExitCode);
        Assert.Contains("InvalidArgument", both.Errors, StringComparison.Ordinal);

        string[] drop = ["parked", "drop", "--filter", "source = REPORT", "--reason", "seen"];
        Assert.Equal("1 would be dropped.", (await Run([.. drop, "--dry-run"])).Output.Trim());
        Assert.Equal("1 dropped.", (await Run(drop)).Output.Trim());
        Assert.Equal("0 dropped.", (await Run(drop)).Output.Trim());
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_in_words()
    {
        ToolRun run = await FloristTool.Run("status", "--address", "http://127.0.0.1:9");

        Assert.Equal(OperatorsLine.Refused, run.ExitCode);
        Assert.StartsWith("The server refuses: Unavailable", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_as_wide_as_they_need_to_be() => Assert.Equal(
        ["A    LONG", "bcd  e"], OperatorsDesk.Table(["A", "LONG"], [["bcd", "e"]]));

    private Task<ToolRun> Run(params string[] arguments) =>
        FloristTool.Run([.. arguments, "--address", server.Address.ToString()]);
}

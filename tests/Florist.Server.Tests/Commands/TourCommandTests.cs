using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Commands;

/// <summary>The tour, played by a process of its own.</summary>
public class TourCommandTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task The_tour_tells_the_whole_story_on_a_server_of_its_own_and_leaves_no_folder(string environment)
    {
        ToolRun tour = await FloristTool.RunIn(environment, "tour");

        AssertWholeStory(tour);
        string folder = tour.Output.Split('\n')[0].Split(" on ")[^1].Trim();
        Assert.StartsWith(Path.GetTempPath(), folder);
        Assert.False(Directory.Exists(folder), folder);
    }

    [Fact]
    public async Task The_tour_can_be_played_twice_against_one_server_in_a_process_of_its_own()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);

        AssertWholeStory(await FloristTool.Run("tour", "--address", server.Address.ToString()));
        AssertWholeStory(await FloristTool.Run("tour", "--address", server.Address.ToString()));

        Assert.Equal(0, await server.Stop());
    }

    [Fact]
    public async Task A_server_of_production_refuses_the_tour_in_words()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.StartIn(
            "Production", folder.Path, "--Auth:SigningKey=a-key-of-the-tests-own-that-is-long-enough");

        ToolRun tour = await FloristTool.Run("tour", "--address", server.Address.ToString());

        Assert.Equal(1, tour.ExitCode);
        Assert.StartsWith("The tour ended early, at \"Getting there\": Unauthenticated: ", tour.Errors);
        Assert.DoesNotContain("   at ", tour.Errors);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_in_words()
    {
        ToolRun tour = await FloristTool.Run("tour", "--address", "http://127.0.0.1:1");

        Assert.Equal(1, tour.ExitCode);
        Assert.StartsWith("The tour ended early, at \"Getting there\": Unavailable: ", tour.Errors);
    }

    private static void AssertWholeStory(ToolRun tour)
    {
        Assert.True(tour.ExitCode == 0, tour.Said);
        string[] kinds =
        [
            "OrderConfirmed", "Dispatched", "OutForDelivery", "Delivered", "OccasionReminder", "RunningLate",
            "PromiseBroken",
        ];
        Assert.All(kinds, kind => Assert.Contains($"{kind} Sent", tour.Output));
        Assert.Contains("Jürgen", tour.Output[tour.Output.IndexOf("Herr Weber", StringComparison.Ordinal)..]);
        Assert.Contains("vielen Dank", tour.Output);
        Assert.Contains("everything happened as it should", tour.Output);
        Assert.Equal("", tour.Errors);
    }
}

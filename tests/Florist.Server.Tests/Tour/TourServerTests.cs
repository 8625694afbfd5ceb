using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Tour;

/// <summary>The tour's own server, where it cannot start.</summary>
public sealed class TourServerTests
{
    [Fact]
    public async Task A_port_in_use_is_said_in_words_and_the_folder_is_gone()
    {
        using TempFolder root = new();
        string folder = Directory.CreateDirectory(Path.Combine(root.Path, "tour")).FullName;
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        Uri taken = new($"http://{other.LocalEndpoint}");

        TourException refused = await Assert.ThrowsAsync<TourException>(
            () => TourServer.Start(taken, folder, TestContext.Current.CancellationToken));

        Assert.Contains("did not start: ", refused.Message);
        Assert.Contains("address already in use", refused.Message);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_start_that_is_broken_off_leaves_no_folder()
    {
        using TempFolder root = new();
        string folder = Directory.CreateDirectory(Path.Combine(root.Path, "tour")).FullName;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TourServer.Start(new Uri("http://127.0.0.1:0"), folder, new CancellationToken(canceled: true)));

        Assert.False(Directory.Exists(folder));
    }

    [Theory]
    [InlineData("Email__Smtp__ConnectionsMax", "0", "The settings are not valid")]
    [InlineData("Email__Smtp__ConnectionsMax", "many", "Email:Smtp:ConnectionsMax")]
    [InlineData("Catalogue__File", "nowhere.json", "nowhere.json")]
    public async Task A_setting_that_is_wrong_ends_the_tour_in_words_and_leaves_nothing_behind(
        string setting, string value, string why)
    {
        using TempFolder temporary = new();
        ProcessStartInfo start = FloristTool.Prepare(["tour"]);
        start.Environment["TMPDIR"] = temporary.Path;
        start.Environment[setting] = value;
        using Process process = new() { StartInfo = start };
        process.Start();
        ToolRun tour = await FloristTool.Finish(process);

        Assert.True(tour.ExitCode == 1, tour.Said);
        Assert.StartsWith("The tour cannot begin: its server did not start: ", tour.Errors);
        Assert.Contains(why, tour.Errors);
        Assert.DoesNotContain("   at ", tour.Errors);
        Assert.Empty(Directory.EnumerateDirectories(temporary.Path, "florist-tour-*"));
    }
}

using System.Diagnostics;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Commands;

/// <summary>The import, as a process of its own.</summary>
public class ImportCommandTests
{
    private const int Customers = 3000;

    [Fact]
    public async Task A_faulty_line_is_named_by_its_number_and_skipped_and_the_exit_code_says_so()
    {
        using TempFolder folder = new();
        string file = Path.Combine(folder.Path, "histories.txt");
        await File.WriteAllTextAsync(
            file,
            "customer_id date number_of_cds dollar_value\r\n00001 19970101 1 11.77\r\n00001 19971301 1 5.00\r\n"
            + "00002 19970102 2 20.76\r\n",
            TestContext.Current.CancellationToken);

        ToolRun run = await FloristTool.Run("import", "cdnow", file, "--data", Path.Combine(folder.Path, "data"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("line 3: ", run.Errors);
        Assert.Contains("2 purchases added; 2 customers: 2 created", run.Output);
        Assert.Contains("1 lines rejected", run.Output);
    }

    [Fact]
    public async Task An_import_that_is_killed_is_carried_on_by_running_it_again_and_nothing_is_there_twice()
    {
        using TempFolder folder = new();
        string file = await Histories.Write(folder.Path, Customers);
        string data = Path.Combine(folder.Path, "data");
        using (Process process = new() { StartInfo = FloristTool.Prepare(["import", "cdnow", file, "--data", data]) })
        {
            process.Start();

            // As soon as it has begun to write; where that is too late to be in the middle, the second run finds all.
            while (!File.Exists(Path.Combine(data, "florist.db-wal")) && !process.HasExited)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            await Task.Delay(250, TestContext.Current.CancellationToken);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        ToolRun second = await FloristTool.Run("import", "cdnow", file, "--data", data);
        ToolRun third = await FloristTool.Run("import", "cdnow", file, "--data", data);

        Assert.True(second.ExitCode == 0, second.Errors);
        Assert.Equal(0, third.ExitCode);
        Assert.Contains(
            $" 0 purchases added; {Customers} customers: 0 created, 0 updated, {Customers} unchanged", third.Output);
    }

    [Fact]
    public async Task A_folder_that_a_server_owns_is_refused_at_once()
    {
        using TempFolder folder = new();
        string file = await Histories.Write(folder.Path, Customers);
        string data = Path.Combine(folder.Path, "data");
        await using ServerProcess server = await ServerProcess.Start(data);

        ToolRun run = await FloristTool.Run("import", "cdnow", file, "--data", data);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is in use by another process", run.Errors);
    }
}

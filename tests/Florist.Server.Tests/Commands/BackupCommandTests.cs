using System.Collections.Concurrent;
using Florist.Protos.Customers.V1;
using Florist.Protos.Messaging.V1;
using Florist.Protos.Sandbox.V1;
using Florist.Server.Tests.Testing;
using Florist.Server.Tour;
using Florist.Tests.Testing;
using Florist.Tests.Testing.Npm;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Data.Sqlite;

namespace Florist.Server.Tests.Commands;

/// <summary>Backup and restore, each a process of its own, beside a server that goes on working.</summary>
public class BackupCommandTests
{
    private const int Writers = 4;

    [Fact]
    public async Task A_backup_taken_under_load_is_the_shop_as_it_was_after_one_commit()
    {
        using TempFolder folder = new();
        string backup = Path.Combine(folder.Path, "backup.db");
        string restored = Path.Combine(folder.Path, "restored");
        ConcurrentDictionary<string, Customer> acknowledged = [];
        string[] before;
        await using (ServerProcess server = await ServerProcess.Start(Path.Combine(folder.Path, "data")))
        {
            using TourClients clients = new(server.Address);
            using CancellationTokenSource enough = new();
            Task load = Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Write(clients, i, acknowledged, enough.Token)));
            await Until(() => acknowledged.Count >= 20);
            before = [.. acknowledged.Keys];

            ToolRun run = await FloristTool.Run("backup", "--address", server.Address.ToString(), "--to", backup);

            int during = acknowledged.Count - before.Length;
            await enough.CancelAsync();
            await load;
            Assert.True(run.ExitCode == 0, run.Said);
            Assert.True(during > 0, "nothing was written while the backup was taken");
            await server.Kill();
        }

        ToolRun restore = await FloristTool.Run("restore", "--from", backup, "--data", restored);

        Assert.True(restore.ExitCode == 0, restore.Said);
        Assert.Equal("ok", Ask(restored, "PRAGMA integrity_check"));
        Assert.Equal("0", Ask(restored, BrokenPromises));
        await using ServerProcess again = await ServerProcess.Start(restored);
        using TourClients visitors = new(again.Address);
        List<Customer> found = await All(visitors);
        string[] missing = [.. before.Except(found.Select(one => one.Name))];
        string[] unknown = [.. found.Select(one => one.Name).Except(acknowledged.Keys)];
        Assert.Empty(missing);
        Assert.Empty(unknown);
        foreach (Customer listed in found)
        {
            Assert.Equal(acknowledged[listed.Name], listed);
            Assert.Equal(listed, await visitors.Customers.GetCustomerAsync(
                new GetCustomerRequest { Name = listed.Name }, visitors.Staff));
        }
    }

    [Fact]
    public async Task What_went_out_after_the_backup_does_not_go_out_again_after_the_restore()
    {
        using TempFolder folder = new();
        string data = Path.Combine(folder.Path, "data");
        string backup = Path.Combine(folder.Path, "backup.db");

        // The shop's clock will be weeks ahead, and so must be that of the provider that it asks.
        await using FakeTwilio twilio = await FakeTwilio.Start(new ClockAhead(TimeSpan.FromDays(60)));
        string customer;
        await using (ServerProcess server = await ServerProcess.Start(data, Settings(twilio)))
        {
            using TourClients clients = new(server.Address);
            customer = await Reminded.Add(clients);
            ToolRun run = await FloristTool.Run("backup", "--address", server.Address.ToString(), "--to", backup);
            Assert.True(run.ExitCode == 0, run.Said);
            await Advance(clients, Reminded.LeadsIn);
            await UntilSent(clients, customer);
            await server.Kill();
        }

        Assert.Equal(1, twilio.Requests);
        ToolRun restore = await FloristTool.Run("restore", "--from", backup, "--data", data, "--force");
        Assert.True(restore.ExitCode == 0, restore.Said);
        Assert.Contains("The database that was there is in", restore.Output);

        await using ServerProcess again = await ServerProcess.Start(data, Settings(twilio));
        using TourClients visitors = new(again.Address);
        await Advance(visitors, TimeSpan.Zero);
        Message reminder = await UntilSent(visitors, customer);

        Assert.Equal(1, twilio.Requests);
        Assert.Equal(Message.Types.Kind.OccasionReminder, reminder.Kind);
    }

    [Fact]
    public async Task A_folder_in_use_is_neither_copied_nor_replaced_by_another_process()
    {
        using TempFolder folder = new();
        string data = Path.Combine(folder.Path, "data");
        string backup = Path.Combine(folder.Path, "backup.db");
        await using (ServerProcess server = await ServerProcess.Start(data))
        {
            ToolRun copied = await FloristTool.Run("backup", "--data", data, "--to", backup);
            Assert.Equal(1, copied.ExitCode);
            Assert.Contains("is in use by another process", copied.Errors);
            Assert.False(File.Exists(backup));

            ToolRun replaced = await FloristTool.Run(
                "restore", "--from", Path.Combine(data, "florist.db"), "--data", data, "--force");
            Assert.Equal(1, replaced.ExitCode);
            Assert.Equal(0, await server.Stop());
        }

        ToolRun free = await FloristTool.Run("backup", "--data", data, "--to", backup);
        Assert.True(free.ExitCode == 0, free.Said);
        ToolRun twice = await FloristTool.Run("backup", "--data", data, "--to", backup);
        Assert.Equal(1, twice.ExitCode);
        Assert.Contains("exists already", twice.Errors);
    }

    [Fact]
    public async Task A_customer_may_not_take_a_backup()
    {
        using TempFolder folder = new();
        await using ServerProcess server = await ServerProcess.Start(folder.Path);
        string token = (await FloristTool.Run("token", "--as", "customer:7q2x")).Output.Trim();

        ToolRun run = await FloristTool.Run(
            "backup", "--address", server.Address.ToString(), "--to", Path.Combine(folder.Path, "b"), "--token", token);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("PermissionDenied", run.Errors);
        Assert.Empty(Directory.GetFiles(folder.Path, "b*"));
    }

    // States without a wake-up of their own time, or the reverse, cannot be told from outside; what can: rows of
    // grains that have no state, and customers whose row in the listing is missing or too much.
    private const string BrokenPromises = """
        SELECT (SELECT count(*) FROM wake WHERE NOT EXISTS
                   (SELECT 1 FROM grain_state AS s WHERE s.grain_key = wake.grain_key AND s.body IS NOT NULL))
             + (SELECT count(*) FROM grain_row WHERE NOT EXISTS
                   (SELECT 1 FROM grain_state AS s WHERE s.grain_key = grain_row.owner))
             + (SELECT count(*) FROM customer_index WHERE NOT EXISTS
                   (SELECT 1 FROM grain_state AS s WHERE s.grain_key = 'customer/' || customer_index.customer_id))
             + abs((SELECT count(*) FROM customer_index)
                 - (SELECT count(*) FROM grain_state WHERE grain_key LIKE 'customer/%'))
        """;

    private static string[] Settings(FakeTwilio twilio) =>
    [
        $"--Sms:Twilio:AccountSid={FakeTwilio.AccountSid}", $"--Sms:Twilio:AuthToken={FakeTwilio.AuthToken}",
        "--Sms:Twilio:From=+15005550006", $"--Sms:Twilio:BaseUrl={twilio.Url}",
    ];

    private static async Task Write(
        TourClients clients, int writer, ConcurrentDictionary<string, Customer> acknowledged, CancellationToken enough)
    {
        for (int i = 0; !enough.IsCancellationRequested; i++)
        {
            Customer created = await clients.Customers.CreateCustomerAsync(
                new CreateCustomerRequest
                {
                    Customer = new()
                    {
                        GivenName = $"Writer {writer}",
                        FamilyName = $"Customer {i}",
                        Email = $"customer.{writer}.{i}@example.org",
                        RegionCode = "GB",
                        LanguageCode = "en-GB",
                    },
                },
                clients.Staff,
                cancellationToken: CancellationToken.None);
            acknowledged[created.Name] = created;
        }
    }

    private static async Task<List<Customer>> All(TourClients clients)
    {
        List<Customer> all = [];
        string page = "";
        do
        {
            ListCustomersResponse response = await clients.Customers.ListCustomersAsync(
                new ListCustomersRequest { PageSize = 500, PageToken = page }, clients.Staff);
            all.AddRange(response.Customers);
            page = response.NextPageToken;
        }
        while (page.Length > 0);

        return all;
    }

    private static string? Ask(string folder, string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(folder, "florist.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToString(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task Advance(TourClients clients, TimeSpan by) => await clients.Sandbox.AdvanceClockAsync(
        new AdvanceClockRequest { Duration = by.ToDuration() }, clients.Staff);

    private static async Task<Message> UntilSent(TourClients clients, string customer)
    {
        Message? last = null;
        await Until(async () =>
        {
            ListMessagesResponse listed = await clients.Messages.ListMessagesAsync(
                new ListMessagesRequest { Parent = customer }, clients.Staff);
            last = listed.Messages.LastOrDefault();
            return listed.Messages.Any(message => message.State == Message.Types.State.Sent);
        });
        return last ?? throw new InvalidOperationException("there is no message");
    }

    private static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));

    private static async Task Until(Func<Task<bool>> isSo)
    {
        using CancellationTokenSource limit = new(FloristTool.Patience);
        while (!await isSo())
        {
            await Task.Delay(20, limit.Token);
        }
    }

    private sealed class ClockAhead(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}

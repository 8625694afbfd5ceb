using System.Globalization;
using Florist.Kernel;
using Florist.Tests.Testing.Postgres;
using Orleans.Runtime;

namespace Florist.Tests.Adapters.Sql;

/// <summary>
/// The PostgreSQL server itself crashes under load. What was acknowledged must be there after its recovery, whole, and
/// of what was not, nothing but the one write of each grain whose answer was lost.
/// </summary>
public sealed class CrashedServerTests
{
    private const int Grains = 16;
    private const int WritesBefore = 200;

    [Fact]
    public async Task Every_acknowledged_write_survives_a_crash_of_the_server_and_the_owner_ends()
    {
        Assert.SkipWhen(PostgresCluster.WhyNot is not null, PostgresCluster.WhyNot ?? "");
        await using PostgresCluster cluster = await PostgresCluster.Start();
        string place = await cluster.NewDatabase();
        int[] acknowledged = new int[Grains];
        using (OpenPostgres db = await OpenPostgres.At(place, options => options.OwnerCheckMs = 50))
        {
            TaskCompletionSource busy = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] writers = [.. Enumerable.Range(0, Grains).Select(i => WriteUntilLost(db, i, acknowledged, busy))];
            await busy.Task;
            await cluster.Crash();
            await Task.WhenAll(writers);
            Assert.Contains("the lock on the database is gone", await db.Fatal.Ended, StringComparison.Ordinal);
        }

        using OpenPostgres next = await OpenPostgres.At(place);
        Assert.Equal(2, await next.Number("SELECT epoch FROM owner"));
        ILookup<string, string> messages = (await next.AllMessages()).Select(row => row.Message.Key)
            .ToLookup(key => key[..key.IndexOf('-', StringComparison.Ordinal)]);
        for (int i = 0; i < Grains; i++)
        {
            GrainId grain = OpenDatabase.Grain($"g{i}");
            Held<ProbeState> held = await next.Load(grain);
            int stored = held.RecordExists ? int.Parse(held.State.Text, CultureInfo.InvariantCulture) : 0;
            Assert.InRange(stored, acknowledged[i], acknowledged[i] + 1);
            Assert.Equal(stored, messages[$"{i}"].Count());
            Assert.Equal(stored, (await next.Rows.Read(grain, "note", 10_000)).Length);
        }
    }

    private static async Task WriteUntilLost(OpenPostgres db, int i, int[] acknowledged, TaskCompletionSource busy)
    {
        Held<ProbeState> held = new();
        try
        {
            while (!db.Fatal.HasEnded)
            {
                int n = acknowledged[i] + 1;
                held.State = new ProbeState { Text = $"{n}" }
                    .Send($"{i}-{n}").Put(RowChange.PutChild("note", $"{n}", $"{n}"));
                await db.Write(OpenDatabase.Grain($"g{i}"), held);
                acknowledged[i] = n;
                if (acknowledged.Sum() >= WritesBefore)
                {
                    busy.TrySetResult();
                }
            }
        }
        catch (Exception error) when (error is StorageOutcomeUnknownException or StorageClosedException)
        {
            // A write that found the server gone was not begun, one whose answer was lost may have been made.
        }
    }
}

using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Florist.Adapters.Sql;
using Florist.Kernel;
using Florist.Tests.Testing;
using Orleans.Runtime;

namespace Florist.Tests.Adapters.Sql;

/// <summary>
/// A process of its own writes with many callers at once and notes each write in a ledger after it was acknowledged.
/// It is killed in the middle, again and again on the same database; what the ledger says must always be there, whole.
/// </summary>
public sealed class KilledProcessTests
{
    private const string FolderVariable = "FLORIST_TEST_KILLED_FOLDER";
    private const string EngineVariable = "FLORIST_TEST_KILLED_ENGINE";
    private const string PlaceVariable = "FLORIST_TEST_KILLED_PLACE";
    private const int Writers = 16;
    private const int Kills = 3;

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Every_acknowledged_write_survives_sigkill_with_its_wake_up_messages_and_rows(Engine engine)
    {
        using TempFolder folder = new();
        using TestPlace place = await TestPlace.New(engine);
        for (int kill = 1; kill <= Kills; kill++)
        {
            int before = Ledger(folder.Path).Values.Sum();
            using Process child = StartWriter(engine, folder.Path, place.At);
            try
            {
                await Until(() => child.HasExited || Ledger(folder.Path).Values.Sum() > before + (200 * kill));
                Assert.False(child.HasExited, "the writer ended by itself");
            }
            finally
            {
                child.Kill();
                await child.WaitForExitAsync();
            }

            await Check(engine, folder.Path, place.At);
        }
    }

    [Fact(Explicit = true)]
    public async Task Write_until_killed()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable) ?? "";
        Engine engine = Enum.Parse<Engine>(Environment.GetEnvironmentVariable(EngineVariable) ?? "");
        string place = Environment.GetEnvironmentVariable(PlaceVariable) ?? "";
        using TestDatabase db = engine == Engine.Sqlite
            ? new OpenDatabase(folder: place)
            : await OpenPostgres.At(place);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(i => Task.Run(() => WriteForEver(db, folder, i))));
    }

    private static async Task WriteForEver(TestDatabase db, string folder, int writer)
    {
        GrainId grain = OpenDatabase.Grain($"g{writer}");
        Held<ProbeState> held = await db.Load(grain);
        int n = held.RecordExists ? int.Parse(held.State.Text, CultureInfo.InvariantCulture) : 0;
        await using FileStream ledger = new(Path.Combine(folder, $"ledger-{writer}"), FileMode.Create);
        while (true)
        {
            n++;
            held.State = new ProbeState { Text = $"{n}", Due = db.Time.GetUtcNow().AddSeconds(n) }
                .Send($"{writer}-{n}")
                .Put(RowChange.PutChild("note", $"{n}", $"{n}"));
            await db.Write(grain, held);

            // One write of a fixed length: the page cache outlives the process, and a reader never sees half of it.
            ledger.Position = 0;
            ledger.Write(BitConverter.GetBytes(n));
            ledger.Flush();
        }
    }

    private static Process StartWriter(Engine engine, string folder, string place)
    {
        bool hasHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        ProcessStartInfo start = new(hasHost ? Environment.ProcessPath ?? "dotnet" : "dotnet")
        {
            RedirectStandardOutput = true,
        };
        foreach (string argument in new[]
        {
            "exec", typeof(KilledProcessTests).Assembly.Location,
            "-explicit", "only", "-noLogo",
            "-method", $"{typeof(KilledProcessTests).FullName}.{nameof(Write_until_killed)}",
        })
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[FolderVariable] = folder;
        start.Environment[EngineVariable] = engine.ToString();
        start.Environment[PlaceVariable] = place;
        return Process.Start(start) ?? throw new InvalidOperationException("the writer did not start");
    }

    private static Dictionary<int, int> Ledger(string folder)
    {
        Dictionary<int, int> ledger = [];
        for (int writer = 0; writer < Writers; writer++)
        {
            string path = Path.Combine(folder, $"ledger-{writer}");
            byte[] bytes = File.Exists(path) ? Read(path) : [];
            ledger[writer] = bytes.Length == 4 ? BitConverter.ToInt32(bytes) : 0;
        }

        return ledger;
    }

    private static byte[] Read(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[4];
        return file.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) == 4 ? bytes : [];
    }

    private static async Task Check(Engine engine, string folder, string place)
    {
        Dictionary<int, int> ledger = Ledger(folder);
        using TestDatabase db = await TestDatabase.Open(engine, at: place);
        ILookup<string, string> messages = (await db.AllMessages()).Select(row => row.Message.Key)
            .ToLookup(key => key[..key.IndexOf('-', StringComparison.Ordinal)]);
        ImmutableArray<WakeRow> wakes = await db.AllWakes();
        foreach ((int writer, int acknowledged) in ledger)
        {
            GrainId grain = OpenDatabase.Grain($"g{writer}");
            Held<ProbeState> held = await db.Load(grain);
            int stored = held.RecordExists ? int.Parse(held.State.Text, CultureInfo.InvariantCulture) : 0;

            // The one write that was under way may have become durable or not, but nothing in between.
            Assert.InRange(stored, acknowledged, acknowledged + 1);
            Assert.Equal(stored == 0 ? null : $"{stored}", held.ETag);
            Assert.Equal(stored, messages[$"{writer}"].Count());
            Assert.Equal(stored, (await db.Rows.Read(grain, "note", 10_000)).Length);
            Assert.Equal(held.State.Due, wakes.FirstOrDefault(row => row.Grain == grain)?.DueAt);
        }

        if (engine == Engine.Sqlite)
        {
            Assert.Equal(
                "ok", Assert.Single(await db.Sql.Read("PRAGMA integrity_check", [], row => row.GetString(0), default)));
        }
    }

    private static async Task Until(Func<bool> holds)
    {
        using CancellationTokenSource late = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(10));
        while (!holds())
        {
            await timer.WaitForNextTickAsync(late.Token);
        }
    }
}

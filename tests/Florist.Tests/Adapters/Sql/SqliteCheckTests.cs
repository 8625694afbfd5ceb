using Florist.Adapters.Sql;
using Florist.Tests.Testing;
using Microsoft.Data.Sqlite;

namespace Florist.Tests.Adapters.Sql;

public sealed class SqliteCheckTests : IDisposable
{
    private const int PageBytes = 4096;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_that_was_closed_in_order_is_taken_as_it_is()
    {
        await Fill();

        using OpenDatabase again = new(folder: folder.Path);

        Assert.Null(again.Database.Check);
    }

    [Fact]
    public async Task A_file_that_was_not_closed_is_looked_through_beside_the_work_and_found_sound()
    {
        using (OpenDatabase killed = new(folder: folder.Path))
        {
            await killed.Put(OpenDatabase.Grain("a"), new ProbeState());
            killed.Abandon();
        }

        using OpenDatabase again = new(folder: folder.Path);
        await again.Put(OpenDatabase.Grain("b"), new ProbeState());

        Assert.True(await (again.Database.Check?.Outcome ?? Task.FromResult(false)));
    }

    [Fact]
    public async Task Damage_in_the_middle_of_a_file_is_found_and_what_is_sound_is_served_meanwhile()
    {
        string path = await Fill();
        using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "UPDATE owner SET stopped = 0; PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }

        using (FileStream file = new(path, FileMode.Open))
        {
            // The last pages hold the bodies of the states that were written last.
            file.Position = file.Length - (20 * PageBytes);
            file.Write(new byte[19 * PageBytes]);
        }

        using OpenDatabase again = new(folder: folder.Path);

        Assert.False(await (again.Database.Check?.Outcome ?? Task.FromResult(true)));
        Assert.True((await again.Load(OpenDatabase.Grain("g0"))).RecordExists);
    }

    [Fact]
    public async Task Closing_does_not_wait_for_the_end_of_the_look()
    {
        OpenDatabase killed = new(folder: folder.Path);
        killed.Abandon();
        OpenDatabase again = new(folder: folder.Path);
        Task<bool> outcome = again.Database.Check?.Outcome ?? Task.FromResult(false);

        again.Dispose();

        await outcome.ContinueWith(_ => { }, TaskScheduler.Default);
        Assert.True(outcome.IsCompleted);
    }

    private async Task<string> Fill()
    {
        using OpenDatabase db = new(folder: folder.Path);
        for (int i = 0; i < 100; i++)
        {
            await db.Put(OpenDatabase.Grain($"g{i}"), new ProbeState { Text = new string('x', PageBytes) });
        }

        return db.Options.DatabasePath;
    }
}

using System.Collections.Immutable;
using Florist.Adapters.Sql;
using Florist.Kernel;
using FsCheck;
using FsCheck.Fluent;
using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Tests.Adapters.Sql;

/// <summary>
/// A grain has a wake row exactly when its state has something due, for the instant that the state names, whatever was
/// written, cleared, refused, put off, parked or lost in a crash before.
/// </summary>
public sealed class WakeInvariantTests
{
    private const int Grains = 4;

    private enum Kind
    {
        Write,
        WriteStale,
        Clear,
        PutOff,
        Park,
        Restart,
        Crash,
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task Wake_rows_and_states_agree_after_any_history(Engine engine)
    {
        Gen<Step> step =
            from kind in Gen.Frequency(
                (10, Gen.Constant(Kind.Write)),
                (3, Gen.Constant(Kind.WriteStale)),
                (2, Gen.Constant(Kind.Clear)),
                (2, Gen.Constant(Kind.PutOff)),
                (2, Gen.Constant(Kind.Park)),
                (1, Gen.Constant(Kind.Restart)),
                (1, Gen.Constant(Kind.Crash)))
            from grain in Gen.Choose(0, Grains - 1)
            from ticks in Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(0, 50_000).Select(n => (int?)n))
            from lane in Gen.Choose(0, 3)
            select new Step(kind, grain, ticks, (WakeClass)lane);

        foreach (Step[] history in step.ArrayOf(40).Sample(15))
        {
            await Follow(engine, history);
        }
    }

    private static async Task Follow(Engine engine, Step[] history)
    {
        using TestPlace place = await TestPlace.New(engine);
        TestDatabase db = await TestDatabase.Open(engine, at: place.At);
        foreach (Step step in history)
        {
            if (step.Kind is Kind.Restart or Kind.Crash)
            {
                (step.Kind == Kind.Crash ? db.Abandon : (Action)db.Dispose)();
                db = await TestDatabase.Open(engine, at: place.At);
            }
            else
            {
                await Do(db, step);
            }

            string told = string.Join('\n', history.TakeWhile(done => done != step).Append(step));
            await Check(db, told);
        }

        db.Dispose();
    }

    private static async Task Do(TestDatabase db, Step step)
    {
        GrainId grain = OpenDatabase.Grain($"g{step.Grain}");
        Held<ProbeState> held = await db.Load(grain);
        WakeRow? row = (await db.AllWakes()).FirstOrDefault(wake => wake.Grain == grain);
        switch (step.Kind)
        {
            case Kind.Clear:
                await db.Storage.ClearStateAsync("state", grain, held);
                break;
            case Kind.PutOff when row is not null:
                await db.Wakes.PutOff(row, db.Time.GetUtcNow().AddDays(1));
                break;
            case Kind.Park when row is not null:
                await db.Wakes.Park(row, "probe", db.Time.GetUtcNow());
                break;
            case Kind.Write or Kind.WriteStale:
                held.State = new ProbeState { Due = step.Due(db), WakeClass = step.Lane };
                if (step.Kind == Kind.WriteStale)
                {
                    held.ETag = "12345";
                    await Assert.ThrowsAsync<InconsistentStateException>(() => db.Write(grain, held));
                }
                else
                {
                    await db.Write(grain, held);
                }

                break;
        }
    }

    private static async Task Check(TestDatabase db, string told)
    {
        ImmutableDictionary<string, long> rows = (await db.Sql.Read(
            "SELECT grain_key, due_at FROM wake", [], row => (Key: row.GetString(0), DueAt: row.GetInt64(1)), default))
            .ToImmutableDictionary(row => row.Key, row => row.DueAt);
        for (int i = 0; i < Grains; i++)
        {
            GrainId grain = OpenDatabase.Grain($"g{i}");
            DateTimeOffset? due = (await db.Load(grain)).State.Due;
            bool hasRow = rows.TryGetValue(grain.ToString(), out long dueAt);
            Assert.True(hasRow == (due is not null), $"grain {i} after\n{told}");
            if (due is { } instant)
            {
                Assert.True(dueAt == SqlValue.RoundedUp(instant), $"grain {i} after\n{told}");
            }
        }
    }

    private sealed record Step(Kind Kind, int Grain, int? Ticks, WakeClass Lane)
    {
        public DateTimeOffset? Due(TestDatabase db) => Ticks is { } ticks ? db.Time.GetUtcNow().AddTicks(ticks) : null;
    }
}

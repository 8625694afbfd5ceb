using System.Globalization;

namespace Florist.Tests.Simulation;

/// <summary>What one run of the simulation does; everything in it follows from these values.</summary>
internal sealed record SimulationPlan
{
    /// <summary>Decides everything that is left to chance.</summary>
    public required int Seed { get; init; }

    /// <summary>How many people become customers.</summary>
    public int Customers { get; init; } = 200;

    /// <summary>How much virtual time passes, in days.</summary>
    public int Days { get; init; } = 3 * 365;

    /// <summary>How many times as busy as in real life everybody is, trouble included.</summary>
    public int Pace { get; init; } = 1;

    /// <summary>
    /// True: in the end the faults stop, and then everything that is due must get done. False: they never stop, and
    /// only what must always hold is looked at.
    /// </summary>
    public bool FaultsStop { get; init; }

    /// <summary>False: nothing ever fails. To tell whether a fault is needed for what a seed has found.</summary>
    public bool Faults { get; init; } = true;

    /// <summary>A defect on purpose, to prove that the checker sees it.</summary>
    public Sabotage Sabotage { get; init; }

    /// <summary>Small enough for twenty of them within half a minute: 8 busy customers, a hundred days.</summary>
    public static SimulationPlan Short(int seed) =>
        new() { Seed = seed, Customers = 8, Days = 100, Pace = 6, FaultsStop = seed % 2 == 0 };

    /// <summary>The whole: 200 customers, three years. Even seeds are liveness runs, odd ones safety runs.</summary>
    public static SimulationPlan Full(int seed) => new() { Seed = seed, FaultsStop = seed % 2 == 0 };

    /// <summary>The command that repeats this run.</summary>
    public string Command => string.Create(
        CultureInfo.InvariantCulture,
        $"dotnet run -c Release --project tests/Florist.Benchmarks -- simulate --seed {Seed} --customers {Customers} "
        + $"--days {Days} --pace {Pace} {(FaultsStop ? "--liveness" : "--safety")}{(Faults ? "" : " --no-faults")}"
        + $"{(Sabotage == Sabotage.None ? "" : $" --sabotage {Sabotage}")}");
}

/// <summary>Defects that can be built in on purpose. Each is one that a storage provider could really have.</summary>
internal enum Sabotage
{
    /// <summary>None.</summary>
    None,

    /// <summary>Now and then a commit leaves the wake-up out.</summary>
    WakeForgotten,

    /// <summary>Messages are written in a commit of their own, after that of the state.</summary>
    MessagesApart,

    /// <summary>The answers to request ids are not stored.</summary>
    AnswersForgotten,

    /// <summary>A write is answered before its commit.</summary>
    AnsweredEarly,

    /// <summary>Now and then a commit leaves the index row out.</summary>
    IndexForgotten,
}

using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Florist.Tests.Simulation.Models;

/// <summary>
/// The shop without customers, for commands one by one or at once: real grains, real storage, no faults.
/// </summary>
internal sealed class ModelHost : IDisposable
{
    /// <summary>A Monday morning in the shop.</summary>
    public static readonly DateTimeOffset Morning = new(2027, 3, 1, 9, 0, 0, TimeSpan.Zero);

    private readonly Simulation simulation;
    private int keys;

    /// <param name="seed">Of the order in which things happen that happen at once.</param>
    /// <param name="dropped">Share of calls after which the grain forgets what it has in memory.</param>
    public ModelHost(int seed, double dropped = 0)
    {
        Dropped = dropped;
        simulation = new Simulation(new SimulationPlan { Seed = seed, Customers = 0, Faults = false });
        Machine = Opened();
    }

    private double Dropped { get; }

    private SimulatedMachine Machine { get; set; }

    /// <summary>The shop's clock.</summary>
    public DateTimeOffset Now => simulation.Clock.GetUtcNow();

    /// <summary>A key that no grain has had yet.</summary>
    public string NewKey() => $"m{keys++}";

    /// <summary>Sets the shop's clock.</summary>
    public void SetTime(DateTimeOffset instant) => simulation.Clock.Jump(instant - simulation.Now);

    /// <summary>Runs something to its end.</summary>
    public T Do<T>(Func<SimulatedMachine, Task<T>> work) => Machine.Scheduler.Complete(() => work(Machine));

    /// <summary>The process dies and another starts on what is committed.</summary>
    public void Crash()
    {
        simulation.Restart(well: false, TimeSpan.Zero);
        Machine = Opened();
    }

    public void Dispose() => simulation.Dispose();

    private SimulatedMachine Opened()
    {
        SimulatedMachine machine = simulation.Open();
        machine.Get<IOptions<InProcessOptions>>().Value.Chaos.DropActivation = Dropped;
        return machine;
    }
}

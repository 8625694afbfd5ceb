using Florist.Kernel;

namespace Florist.Tests.Simulation;

/// <summary>
/// Finds what is due and has it carried out by the real wake service and outbox pump: late, in any order, twice at once
/// or only the next time, as the faults will have it. Stands in for the loops that poll in real time.
/// </summary>
internal sealed class SimulatedEngine(SimulatedMachine machine, Simulation simulation)
{
    /// <summary>How long what is kept in memory is believed, and so how late a lost signal can be.</summary>
    public static readonly TimeSpan PollMax = TimeSpan.FromMinutes(10);

    private const int RowsMax = 64;
    private static readonly TimeSpan PauseMin = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private readonly WakeService wakes = machine.Get<WakeService>();
    private readonly OutboxPump outbox = machine.Get<OutboxPump>();
    private DateTimeOffset notBefore = DateTimeOffset.MinValue;

    /// <summary>When, in truth, it will look again; null while nothing is scheduled.</summary>
    public DateTimeOffset? NextPoll
    {
        get
        {
            // Read from the outside, without a step of the machine.
            if (simulation.Oracle.NextDue() is not { } due)
            {
                return null;
            }

            DateTimeOffset at = due - simulation.Clock.Error;
            return at > notBefore ? at : notBefore;
        }
    }

    /// <summary>Looks now, or, at times, decides to come later.</summary>
    public void Poll()
    {
        Faults faults = simulation.Faults;
        if (faults.Happens(faults.WakeLate))
        {
            TimeSpan most = faults.Happens(0.1) ? TimeSpan.FromHours(20) : TimeSpan.FromMinutes(10);
            notBefore = simulation.Now + faults.Between(TimeSpan.FromSeconds(10), most);
            return;
        }

        notBefore = simulation.Now + faults.Between(PauseMin, PauseMax);
        machine.Scheduler.Start(Look);
    }

    private async Task Look()
    {
        Faults faults = simulation.Faults;
        await Look(wakes, () => faults.Happens(faults.WakeDoubled));
        await Look(outbox, () => faults.Happens(faults.MessageDoubled));
    }

    private async Task Look<TRow>(ILaneWork<TRow> work, Func<bool> isDoubled)
    {
        for (int lane = 0; lane < Share.Classes; lane++)
        {
            foreach (TRow row in await work.Due(lane, RowsMax, CancellationToken.None))
            {
                string key = $"{work.Name} {work.KeyOf(row)}";
                bool isSkipped = simulation.Faults.Happens(simulation.Faults.WakeSkipped);
                if (isSkipped || underWay.Contains(key) || !work.Admits(lane, row))
                {
                    continue;
                }

                underWay.Add(key);
                _ = machine.Scheduler.Start(() => Carry(key, () => work.Carry(row, CancellationToken.None)));
                if (isDoubled())
                {
                    _ = machine.Scheduler.Start(() => Carry(key, () => work.Carry(row, CancellationToken.None)));
                }
            }
        }
    }

    private async Task Carry(string key, Func<Task> carry)
    {
        simulation.Note(key);
        try
        {
            await carry();
        }
        catch (Exception error)
        {
            // As in the product's loops: the row stays due, and the next poll tries again.
            simulation.Note($"{key} could not be recorded: {error.GetType().Name}");
        }
        finally
        {
            underWay.Remove(key);
        }
    }
}

using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Tests.Simulation;

/// <summary>
/// Finds what is due and has it carried out by the real wake service and outbox pump: late, in any order, twice at once
/// or only the next time, as the faults will have it. Stands in for the loops that poll in real time.
/// </summary>
internal sealed class SimulatedEngine(SimulatedMachine machine, Simulation simulation)
{
    /// <summary>How long after something fell due it is found, when nothing fails.</summary>
    public static readonly TimeSpan PollMax = TimeSpan.FromSeconds(5);

    private const int RowsMax = 64;
    private static readonly TimeSpan PollMin = TimeSpan.FromMilliseconds(500);

    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);
    private readonly WakeService wakes = machine.Get<WakeService>();
    private readonly OutboxPump outbox = machine.Get<OutboxPump>();
    private readonly IWakeTable wakeTable = machine.Get<IWakeTable>();
    private readonly IOutboxTable outboxTable = machine.Get<IOutboxTable>();
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
            bool long_ = faults.Happens(0.1);
            notBefore = simulation.Now
                + faults.Between(TimeSpan.FromSeconds(10), long_ ? TimeSpan.FromHours(20) : TimeSpan.FromMinutes(10));
            return;
        }

        notBefore = simulation.Now + faults.Between(PollMin, PollMax);
        machine.Scheduler.Start(Look);
    }

    private async Task Look()
    {
        for (int lane = 0; lane < Share.Classes; lane++)
        {
            ImmutableArray<WakeRow> due =
                await wakeTable.Due((WakeClass)lane, simulation.Clock.GetUtcNow(), RowsMax, CancellationToken.None);
            foreach (WakeRow row in due)
            {
                Begin(
                    $"wake {row.Grain}",
                    simulation.Faults.WakeDoubled,
                    () => wakes.Carry(row, CancellationToken.None));
            }
        }

        for (int lane = 0; lane < Share.Classes; lane++)
        {
            ImmutableArray<OutboxRow> due =
                await outboxTable.Due((OutboxClass)lane, simulation.Clock.GetUtcNow(), RowsMax, CancellationToken.None);
            foreach (OutboxRow row in due)
            {
                Begin(
                    $"message {row.Message.Key}",
                    simulation.Faults.MessageDoubled,
                    () => outbox.Carry(row, CancellationToken.None));
            }
        }
    }

    private void Begin(string key, double doubled, Func<Task> carry)
    {
        if (simulation.Faults.Happens(simulation.Faults.WakeSkipped) || !underWay.Add(key))
        {
            return;
        }

        machine.Scheduler.Start(() => Carry(key, carry));
        if (simulation.Faults.Happens(doubled))
        {
            machine.Scheduler.Start(() => Carry(key, carry));
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

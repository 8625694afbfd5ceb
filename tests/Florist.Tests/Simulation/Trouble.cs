namespace Florist.Tests.Simulation;

/// <summary>What befalls the machine as a whole: it dies, it is restarted, its clock is wrong.</summary>
internal static class Trouble
{
    private const int StepsUntilDeathMax = 400;

    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    /// <summary>Puts the trouble of the whole run on the agenda.</summary>
    public static void Arrange(Simulation simulation)
    {
        Again(simulation, simulation.Faults.CrashesPerYear * simulation.Plan.Pace, () => Die(simulation));
        Again(simulation, simulation.Faults.ClockJumpsPerYear * simulation.Plan.Pace, () => Jump(simulation));
    }

    /// <summary>How long nobody notices that the process is gone: mostly seconds, at times days.</summary>
    public static TimeSpan Downtime(Simulation simulation)
    {
        Faults faults = simulation.Faults;
        return faults.Below(100) switch
        {
            < 80 => faults.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1)),
            < 95 => faults.Between(TimeSpan.FromMinutes(1), TimeSpan.FromHours(6)),
            < 99 => faults.Between(TimeSpan.FromHours(6), TimeSpan.FromDays(3)),
            _ => faults.Between(TimeSpan.FromDays(3), TimeSpan.FromDays((simulation.Plan.Days / 25.0) + 3)),
        };
    }

    private static void Again(Simulation simulation, double timesAYear, Action action)
    {
        if (timesAYear <= 0)
        {
            return;
        }

        simulation.In(simulation.Chance.Next(Year / timesAYear), () =>
        {
            if (simulation.Faults.AreOn && simulation.Now < simulation.End)
            {
                action();
                Again(simulation, timesAYear, action);
            }
        });
    }

    /// <summary>Not at once, but in the middle of what happens next.</summary>
    private static void Die(Simulation simulation)
    {
        if (simulation.Machine is not { } machine)
        {
            return;
        }

        if (simulation.Faults.Happens(0.1))
        {
            simulation.Restart(well: true, Downtime(simulation));
            return;
        }

        machine.Scheduler.StepsMax = machine.Scheduler.Steps + 1 + simulation.Faults.Below(StepsUntilDeathMax);
    }

    private static void Jump(Simulation simulation)
    {
        Faults faults = simulation.Faults;
        TimeSpan error = faults.Below(20) switch
        {
            < 6 => faults.Between(TimeSpan.FromSeconds(-262), TimeSpan.FromSeconds(262)),
            < 11 => TimeSpan.FromHours(1),
            < 16 => TimeSpan.FromHours(-1),
            < 18 => TimeSpan.FromDays(-1),
            < 19 => TimeSpan.FromDays(1),
            _ => TimeSpan.FromDays(365),
        };
        simulation.Note($"clock wrong by {error}");
        simulation.Clock.Jump(error);
        simulation.In(faults.Between(TimeSpan.FromMinutes(1), TimeSpan.FromHours(12)), () =>
        {
            simulation.Note("clock right");
            simulation.Clock.Jump(TimeSpan.Zero);
        });
    }
}

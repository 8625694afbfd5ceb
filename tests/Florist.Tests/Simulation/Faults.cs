using System.Runtime.CompilerServices;

namespace Florist.Tests.Simulation;

/// <summary>
/// Which faults happen how often, drawn anew for every seed: a fault that is always on can hide what only shows without
/// it. Shares are between 0 and 1.
/// </summary>
internal sealed class Faults
{
#pragma warning disable CA5394 // Faults are to be repeatable, not secret.
    private readonly Random random;

    public Faults(SimulationPlan plan)
    {
        random = new Random(plan.Seed ^ 0x5eed);
        AreOn = plan.Faults;
        LoseReply = Drawn(0.02);
        DropActivation = Drawn(0.05);
        Conflict = Drawn(0.02);
        StorageRefuses = Drawn(0.01);
        StorageUnknown = Drawn(0.01);
        StorageSlow = Drawn(0.05);
        WakeLate = Drawn(0.2);
        WakeSkipped = Drawn(0.1);
        WakeDoubled = Drawn(0.1);
        MessageDoubled = Drawn(0.05);
        ProviderThrottles = Drawn(0.1);
        ProviderDown = Drawn(0.1);
        AnswerLost = Drawn(0.1);
        PaymentUnknown = Drawn(0.2);
        CrashAtProvider = Drawn(0.02);
        ReportDoubled = Drawn(0.3);
        ReportLate = Drawn(0.1);
        CrashesPerYear = Drawn(1) * 80;
        ClockJumpsPerYear = Drawn(1) * 30;
    }

    /// <summary>False: nothing fails any more.</summary>
    public bool AreOn { get; private set; }

    /// <summary>Share of grain calls whose answer is lost.</summary>
    public double LoseReply { get; }

    /// <summary>Share of grain calls after which the activation is dropped.</summary>
    public double DropActivation { get; }

    /// <summary>Share of writes that fail because of somebody else's.</summary>
    public double Conflict { get; }

    /// <summary>Share of writes that the storage refuses.</summary>
    public double StorageRefuses { get; }

    /// <summary>Share of writes of which nobody learns whether they happened.</summary>
    public double StorageUnknown { get; }

    /// <summary>Share of writes that take seconds.</summary>
    public double StorageSlow { get; }

    /// <summary>Share of polls that come minutes to hours late.</summary>
    public double WakeLate { get; }

    /// <summary>Share of due rows that a poll overlooks.</summary>
    public double WakeSkipped { get; }

    /// <summary>Share of wake-ups that come twice at once.</summary>
    public double WakeDoubled { get; }

    /// <summary>Share of outbox messages that are handed over twice at once.</summary>
    public double MessageDoubled { get; }

    /// <summary>Share of sends that the provider answers with "too many".</summary>
    public double ProviderThrottles { get; }

    /// <summary>Share of sends that do not reach the provider.</summary>
    public double ProviderDown { get; }

    /// <summary>Share of sends whose answer is lost, taken or not.</summary>
    public double AnswerLost { get; }

    /// <summary>Share of payments whose answer is lost, carried out or not.</summary>
    public double PaymentUnknown { get; }

    /// <summary>Share of calls to a provider before or after which the process dies.</summary>
    public double CrashAtProvider { get; }

    /// <summary>Share of couriers' reports that come again.</summary>
    public double ReportDoubled { get; }

    /// <summary>Share of couriers' reports that come up to three days late.</summary>
    public double ReportLate { get; }

    /// <summary>How often the process dies.</summary>
    public double CrashesPerYear { get; }

    /// <summary>How often the clock is wrong for a while.</summary>
    public double ClockJumpsPerYear { get; }

    /// <summary>From now on nothing fails.</summary>
    public void Stop() => AreOn = false;

    /// <summary>How often each fault happened, by name.</summary>
    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether a fault of this share happens now.</summary>
    /// <param name="share">Its share.</param>
    /// <param name="name">Its name, for the count.</param>
    public bool Happens(double share, [CallerArgumentExpression(nameof(share))] string name = "")
    {
        if (!AreOn || share <= 0 || random.NextDouble() >= share)
        {
            return false;
        }

        string fault = name[(name.LastIndexOf('.') + 1)..];
        Counts[fault] = Counts.GetValueOrDefault(fault) + 1;
        return true;
    }

    /// <summary>A whole number from 0 to one below.</summary>
    public int Below(int limit) => random.Next(limit);

    /// <summary>A time between two.</summary>
    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * random.NextDouble());

    // A third of the faults are off in a run, the others anything up to their most.
    private double Drawn(double most)
    {
        double share = random.NextDouble() * most;
        return random.Next(3) == 0 ? 0 : share;
    }
#pragma warning restore CA5394
}

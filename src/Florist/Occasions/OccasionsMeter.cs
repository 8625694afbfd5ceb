using System.Diagnostics.Metrics;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>Measurements of reminders, by outcome.</summary>
internal static class OccasionsMeter
{
    private static readonly Meter Meter = new("Florist.Occasions");

    private static readonly Counter<long> Reminders = Meter.CreateCounter<long>(
        "florist.reminders", "{reminder}", "Steps of reminder schedules, by outcome: sent, or why they were skipped.");

    public static void Settled(ReminderSettled step)
    {
        Reminders.Add(1, new KeyValuePair<string, object?>("outcome", step.Skipped?.ToString() ?? "Sent"));
        if (step.Skipped is SkipReason.Missed or SkipReason.Collapsed)
        {
            CatchUpRules.Count(CatchUpKind.OccasionReminder);
        }
    }
}

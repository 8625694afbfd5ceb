using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A reminder of a grain, as it was registered.</summary>
    public interface IGrainReminder
    {
        /// <summary>Its name, unique within the grain.</summary>
        string ReminderName { get; }
    }

    /// <summary>When a tick was due and when it came.</summary>
    public readonly struct TickStatus : IEquatable<TickStatus>
    {
        /// <summary>States the times of a tick.</summary>
        /// <param name="firstTickTime">When the reminder was first due, UTC.</param>
        /// <param name="period">Its period.</param>
        /// <param name="timeStamp">When this tick came, UTC.</param>
        public TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
        {
            FirstTickTime = firstTickTime;
            Period = period;
            CurrentTickTime = timeStamp;
        }

        /// <summary>When the reminder was first due, UTC.</summary>
        public DateTime FirstTickTime { get; }

        /// <summary>The period of the reminder.</summary>
        public TimeSpan Period { get; }

        /// <summary>When this tick came, UTC.</summary>
        public DateTime CurrentTickTime { get; }

        /// <summary>Whether two ticks are the same.</summary>
        /// <param name="left">One tick.</param>
        /// <param name="right">The other.</param>
        /// <returns>True when all times are the same.</returns>
        public static bool operator ==(TickStatus left, TickStatus right) => left.Equals(right);

        /// <summary>Whether two ticks differ.</summary>
        /// <param name="left">One tick.</param>
        /// <param name="right">The other.</param>
        /// <returns>True when any time differs.</returns>
        public static bool operator !=(TickStatus left, TickStatus right) => !left.Equals(right);

        /// <summary>Whether another tick is the same.</summary>
        /// <param name="other">The other tick.</param>
        /// <returns>True when all times are the same.</returns>
        public bool Equals(TickStatus other) => FirstTickTime == other.FirstTickTime && Period == other.Period
            && CurrentTickTime == other.CurrentTickTime;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is TickStatus other && Equals(other);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(FirstTickTime, Period, CurrentTickTime);

        /// <summary>The times in one line.</summary>
        /// <returns>Text for a log.</returns>
        public override string ToString() => $"due {FirstTickTime:O}, every {Period}, now {CurrentTickTime:O}";
    }
}

namespace Orleans
{
    /// <summary>A grain that can be reminded.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>A tick. It may be late, doubled or lost: the grain decides from its state what is due.</summary>
        /// <param name="reminderName">Which reminder.</param>
        /// <param name="status">When it was due and when it came.</param>
        /// <returns>Completes when it was handled.</returns>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }

    /// <summary>Durable reminders of grains.</summary>
    public static class GrainReminderExtensions
    {
        /// <summary>Registers a reminder, or gives it other times. Safe to repeat.</summary>
        /// <param name="grain">The grain; it implements <see cref="IRemindable"/>.</param>
        /// <param name="reminderName">Its name, unique within the grain.</param>
        /// <param name="dueTime">Until the first tick.</param>
        /// <param name="period">Between ticks; at least a minute.</param>
        /// <returns>The reminder, when it is durable.</returns>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The period is under a minute, or the due time negative.
        /// </exception>
        public static Task<IGrainReminder> RegisterOrUpdateReminder(
            this IGrainBase grain,
            string reminderName,
            TimeSpan dueTime,
            TimeSpan period) => Reminders.Of(grain).Register(reminderName, dueTime, period);

        /// <summary>Removes a reminder. A tick that is on its way may still come.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="reminder">The reminder.</param>
        /// <returns>Completes when the removal is durable.</returns>
        public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder) =>
            Reminders.Of(grain).Unregister(reminder);

        /// <summary>Looks a reminder up.</summary>
        /// <param name="grain">The grain.</param>
        /// <param name="reminderName">Its name.</param>
        /// <returns>The reminder; null when there is none.</returns>
        public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName) =>
            Reminders.Of(grain).Get(reminderName);

        /// <summary>Lists the reminders of the grain.</summary>
        /// <param name="grain">The grain.</param>
        /// <returns>All of them, by name.</returns>
        public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain) => Reminders.Of(grain).List();
    }
}

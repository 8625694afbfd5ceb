using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>A timer of one activation. It dies with the activation; disposing it stops it for good.</summary>
    public interface IGrainTimer : IDisposable
    {
        /// <summary>Starts anew with other times.</summary>
        /// <param name="dueTime">Until the first callback; infinite stops the timer.</param>
        /// <param name="period">From the end of a callback to the next; infinite means once.</param>
        void Change(TimeSpan dueTime, TimeSpan period);
    }

    /// <summary>When and how a grain timer calls back.</summary>
    public struct GrainTimerCreationOptions : IEquatable<GrainTimerCreationOptions>
    {
        /// <summary>Gives the times.</summary>
        /// <param name="dueTime">Until the first callback; infinite leaves the timer stopped.</param>
        /// <param name="period">From the end of a callback to the next; infinite means once.</param>
        public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        {
            DueTime = dueTime;
            Period = period;
        }

        /// <summary>Until the first callback; infinite leaves the timer stopped.</summary>
        public TimeSpan DueTime { get; set; }

        /// <summary>From the end of a callback to the next; infinite means once.</summary>
        public TimeSpan Period { get; set; }

        /// <summary>
        /// Whether callbacks interleave with calls. By default a callback takes its turn like a call.
        /// </summary>
        public bool Interleave { get; set; }

        /// <summary>Whether a callback counts as use, so that the activation is not collected for idleness.</summary>
        public bool KeepAlive { get; set; }

        /// <summary>Whether two settings are the same.</summary>
        /// <param name="left">One setting.</param>
        /// <param name="right">The other.</param>
        /// <returns>True when all members are the same.</returns>
        public static bool operator ==(GrainTimerCreationOptions left, GrainTimerCreationOptions right) =>
            left.Equals(right);

        /// <summary>Whether two settings differ.</summary>
        /// <param name="left">One setting.</param>
        /// <param name="right">The other.</param>
        /// <returns>True when any member differs.</returns>
        public static bool operator !=(GrainTimerCreationOptions left, GrainTimerCreationOptions right) =>
            !left.Equals(right);

        /// <summary>Whether another setting is the same.</summary>
        /// <param name="other">The other setting.</param>
        /// <returns>True when all members are the same.</returns>
        public readonly bool Equals(GrainTimerCreationOptions other) => DueTime == other.DueTime
            && Period == other.Period && Interleave == other.Interleave && KeepAlive == other.KeepAlive;

        /// <inheritdoc/>
        public override readonly bool Equals(object? obj) => obj is GrainTimerCreationOptions other && Equals(other);

        /// <inheritdoc/>
        public override readonly int GetHashCode() => HashCode.Combine(DueTime, Period, Interleave, KeepAlive);
    }
}

namespace Orleans
{
    /// <summary>Timers of grains.</summary>
    public static class GrainBaseExtensions
    {
        /// <summary>
        /// Calls back while the activation lives. Callbacks never overlap: the period runs from the end of one to the
        /// start of the next. A callback that throws is logged, and the timer goes on.
        /// </summary>
        /// <typeparam name="TState">What the callback is given.</typeparam>
        /// <param name="grain">The grain.</param>
        /// <param name="callback">The callback; its token is cancelled when the timer is disposed.</param>
        /// <param name="state">Handed to the callback.</param>
        /// <param name="options">The times and how to take turns.</param>
        /// <returns>The timer.</returns>
        public static IGrainTimer RegisterGrainTimer<TState>(
            this IGrainBase grain,
            Func<TState, CancellationToken, Task> callback,
            TState state,
            GrainTimerCreationOptions options)
        {
            ArgumentNullException.ThrowIfNull(grain);
            ArgumentNullException.ThrowIfNull(callback);
            return GrainTimer.Start(grain.GrainContext, token => callback(state, token), options);
        }

        /// <summary>
        /// Calls back while the activation lives. Callbacks never overlap: the period runs from the end of one to the
        /// start of the next. A callback that throws is logged, and the timer goes on.
        /// </summary>
        /// <param name="grain">The grain.</param>
        /// <param name="callback">The callback; its token is cancelled when the timer is disposed.</param>
        /// <param name="options">The times and how to take turns.</param>
        /// <returns>The timer.</returns>
        public static IGrainTimer RegisterGrainTimer(
            this IGrainBase grain,
            Func<CancellationToken, Task> callback,
            GrainTimerCreationOptions options)
        {
            ArgumentNullException.ThrowIfNull(grain);
            ArgumentNullException.ThrowIfNull(callback);
            return GrainTimer.Start(grain.GrainContext, callback, options);
        }
    }
}

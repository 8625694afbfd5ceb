namespace Orleans.Runtime;

/// <summary>Where all work and all time of a grain host come from, so that a simulation can replace both.</summary>
internal interface IWorkScheduler
{
    /// <summary>The clock of timers, response timeouts and idle collection.</summary>
    TimeProvider Clock { get; }

    /// <summary>
    /// Whether answers travel as work of this scheduler. The thread pool takes them by itself; a simulation has to
    /// bring them, or what the caller does next would escape it.
    /// </summary>
    bool DeliversAnswers { get; }

    /// <summary>Runs work soon, never on the stack of the caller.</summary>
    /// <param name="work">The work; it does not throw.</param>
    /// <param name="fairly">Whether everything that is queued already goes first.</param>
    void Queue(IThreadPoolWorkItem work, bool fairly);
}

/// <summary>The thread pool and the clock of the machine.</summary>
internal sealed class PoolScheduler : IWorkScheduler
{
    public TimeProvider Clock => TimeProvider.System;

    public bool DeliversAnswers => false;

    public void Queue(IThreadPoolWorkItem work, bool fairly) =>
        ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: !fairly);
}

/// <summary>Work made of a delegate.</summary>
internal sealed class ActionWork(Action action) : IThreadPoolWorkItem
{
    public void Execute() => action();
}

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

    /// <summary>
    /// Whether a read of an idle grain may run on the thread that asks for it. That spares the way to another thread
    /// and back, which costs more than most reads; a simulation wants every piece of work to pass through its hands.
    /// </summary>
    bool LendsThreadsToReads { get; }

    /// <summary>Runs work soon, never on the stack of the caller.</summary>
    /// <param name="work">The work; it does not throw.</param>
    void Queue(IThreadPoolWorkItem work);
}

/// <summary>The thread pool and the clock of the machine.</summary>
internal sealed class PoolScheduler : IWorkScheduler
{
    public TimeProvider Clock => TimeProvider.System;

    public bool DeliversAnswers => false;

    public bool LendsThreadsToReads => true;

    // First come, first served. The local queues of the threads are last come, first served, and under load the bottom
    // of them starves: an import then kept every grain it touched in memory.
    public void Queue(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}

/// <summary>Work made of a delegate.</summary>
internal sealed class ActionWork(Action action) : IThreadPoolWorkItem
{
    public void Execute() => action();
}

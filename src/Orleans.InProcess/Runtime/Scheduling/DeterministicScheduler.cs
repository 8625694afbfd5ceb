namespace Orleans.Runtime;

/// <summary>
/// Runs a whole system on the thread that asks it to, in an order drawn from a seed and in virtual time. Code under
/// test is started with <c>Start</c> or <c>Complete</c>, so that what it awaits continues here as well. What goes
/// through the thread pool escapes: Task.Run, and a TaskCompletionSource with RunContinuationsAsynchronously that is
/// awaited through WhenAll, WhenAny or WaitAsync.
/// </summary>
internal sealed class DeterministicScheduler : TaskScheduler, IWorkScheduler
{
    private static readonly TimeSpan OutsideWaitMax = TimeSpan.FromSeconds(30);

    // What a thread of the pool begins with: the ambient values of the test must not reach grains unless they flow.
    private static readonly ExecutionContext? Clean = TurnScheduler.ContextOfNewThread();

#pragma warning disable CA5394 // The order is to be repeatable, not secret.
    private readonly Random random;
    private readonly VirtualClock clock;
    private readonly List<object> ready = [];
    private readonly Lock gate = new();
    private readonly ManualResetEventSlim arrived = new();
    private readonly int thread = Environment.CurrentManagedThreadId;

    internal DeterministicScheduler(int seed, DateTimeOffset start)
    {
        random = new Random(seed);
        clock = new VirtualClock(start);
    }

    public TimeProvider Clock => clock;

    public bool DeliversAnswers => true;

    public bool LendsThreadsToReads => false;

    /// <summary>How many pieces of work were run; the same seed and program give the same number.</summary>
    internal long Steps { get; private set; }

    /// <summary>After so many steps the machine is off: nothing runs and no time passes any more.</summary>
    internal long StepsMax { get; set; } = long.MaxValue;

    /// <summary>True once <see cref="StepsMax"/> is reached.</summary>
    internal bool IsOff => Steps >= StepsMax;

    /// <summary>Pieces of work that another thread brought. Each makes the run hard to repeat.</summary>
    internal int FromOtherThreads { get; private set; }

    /// <summary>Where the first of them came from; null while there is none.</summary>
    internal string? FirstFromOtherThread { get; private set; }

    /// <summary>
    /// True while something outside of this scheduler, such as a database thread, will still bring work.
    /// </summary>
    internal Func<bool> IsOutsideBusy { get; set; } = static () => false;

    public void Queue(IThreadPoolWorkItem work) => Add(work);

    /// <summary>Starts code whose awaits continue on this scheduler. Nothing happens until something is run.</summary>
    internal Task Start(Func<Task> code) =>
        Task.Factory
            .StartNew(async () => await code(), CancellationToken.None, TaskCreationOptions.None, this)
            .Unwrap();

    /// <inheritdoc cref="Start(Func{Task})"/>
    internal Task<T> Start<T>(Func<Task<T>> code) =>
        Task.Factory
            .StartNew(async () => await code(), CancellationToken.None, TaskCreationOptions.None, this)
            .Unwrap();

    /// <summary>Runs everything that can run without time passing.</summary>
    internal void RunUntilIdle()
    {
        SynchronizationContext? surrounding = SynchronizationContext.Current;
        ExecutionContext? ambient = ExecutionContext.Capture();
        SynchronizationContext.SetSynchronizationContext(null);
        Restore(Clean);
        try
        {
            while (!IsOff)
            {
                if (Take() is { } work)
                {
                    Execute(work);
                }
                else if (!IsOutsideBusy())
                {
                    return;
                }
                else if (!arrived.Wait(OutsideWaitMax))
                {
                    throw new TimeoutException($"nothing came from outside within {OutsideWaitMax}");
                }
            }
        }
        finally
        {
            Restore(ambient);
            SynchronizationContext.SetSynchronizationContext(surrounding);
        }
    }

    /// <summary>Lets time pass, timer by timer, and runs everything that becomes possible.</summary>
    internal void AdvanceTo(DateTimeOffset instant)
    {
        RunUntilIdle();
        while (!IsOff && clock.FireNext(instant))
        {
            RunUntilIdle();
        }
    }

    /// <summary>Runs code to its end, letting time pass only when nothing else is left to do.</summary>
    /// <exception cref="TimeoutException">It had not ended when its virtual time was over.</exception>
    internal void Complete(Func<Task> code, TimeSpan? virtualTimeMax = null)
    {
        Task task = Start(code);
        RunToEnd(task, virtualTimeMax);
        task.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Complete(Func{Task}, TimeSpan?)"/>
    internal T Complete<T>(Func<Task<T>> code, TimeSpan? virtualTimeMax = null)
    {
        Task<T> task = Start(code);
        RunToEnd(task, virtualTimeMax);
        return task.GetAwaiter().GetResult();
    }

    protected override void QueueTask(Task task) => Add(task);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (gate)
        {
            return [.. ready.OfType<Task>()];
        }
    }

    private static void Restore(ExecutionContext? context)
    {
        if (context is not null)
        {
            ExecutionContext.Restore(context);
        }
    }

    private void RunToEnd(Task task, TimeSpan? virtualTimeMax)
    {
        DateTimeOffset until = clock.GetUtcNow() + (virtualTimeMax ?? TimeSpan.FromHours(1));
        RunUntilIdle();
        while (!task.IsCompleted)
        {
            if (!clock.FireNext(until))
            {
                throw new TimeoutException($"the code had not ended at {until:O}, and nothing is left to run");
            }

            RunUntilIdle();
        }
    }

    private void Execute(object work)
    {
        Steps++;
        if (work is Task task)
        {
            TryExecuteTask(task);
        }
        else if (work is IThreadPoolWorkItem item)
        {
            item.Execute();
        }
    }

    private void Add(object work)
    {
        lock (gate)
        {
            ready.Add(work);
            if (Environment.CurrentManagedThreadId != thread)
            {
                FromOtherThreads++;
                FirstFromOtherThread ??= Environment.StackTrace;
            }

            arrived.Set();
        }
    }

    private object? Take()
    {
        lock (gate)
        {
            if (ready.Count == 0)
            {
                arrived.Reset();
                return null;
            }

            int index = random.Next(ready.Count);
            object work = ready[index];
            ready[index] = ready[^1];
            ready.RemoveAt(ready.Count - 1);
            return work;
        }
    }
#pragma warning restore CA5394
}

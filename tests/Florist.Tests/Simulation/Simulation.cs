using Florist.Kernel;

namespace Florist.Tests.Simulation;

/// <summary>
/// The whole shop in one thread: real grains on the real storage, customers, couriers and providers around it, years
/// in seconds, and everything that can fail failing. A seed repeats a run to the letter.
/// </summary>
internal sealed class Simulation : IDisposable
{
    // A file system in memory: what is simulated is the end of the process, not of the disk.
    private const string MemoryFolder = "/dev/shm";

    private static readonly DateTimeOffset Start = new(2026, 11, 23, 9, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> agenda = new();
    private readonly List<string> broken = [];
    private readonly Checker checker;
    private DateTimeOffset stoodAt = Start;
    private long order;
    private int machines;

    public Simulation(SimulationPlan plan, string? traceOnly = null)
    {
        Plan = plan;
        Trace = new Trace(traceOnly);
        Faults = new Faults(plan);
        Chance = new Chance(plan.Seed);
        Clock = new SimulatedClock(() => Now);
        Errors = new SimulatedErrors(this);
        Folder = Directory.CreateDirectory(Path.Combine(
            Directory.Exists(MemoryFolder) ? MemoryFolder : Path.GetTempPath(),
            $"florist-simulation-{Path.GetRandomFileName()}")).FullName;
        Oracle = new Oracle(this);
        Channels = new SimulatedChannels(this);
        Payments = new SimulatedPayments(this);
        Calls = new ClientLedger(this);
        checker = new Checker(this);
    }

    public SimulationPlan Plan { get; }

    public Trace Trace { get; }

    public Faults Faults { get; }

    /// <summary>What customers, couriers and staff do.</summary>
    public Chance Chance { get; }

    public SimulatedClock Clock { get; }

    public SimulatedErrors Errors { get; }

    public Oracle Oracle { get; }

    public SimulatedChannels Channels { get; }

    public SimulatedPayments Payments { get; }

    public ClientLedger Calls { get; }

    public List<CustomerLife> Customers { get; } = [];

    public List<OrderLife> Orders { get; } = [];

    /// <summary>The folder of the database.</summary>
    public string Folder { get; }

    /// <summary>The running process; null while there is none.</summary>
    public SimulatedMachine? Machine { get; private set; }

    /// <summary>The true time.</summary>
    public DateTimeOffset Now => Machine?.Scheduler.Clock.GetUtcNow() ?? stoodAt;

    /// <summary>When no more customers and orders come.</summary>
    public DateTimeOffset End => Start + TimeSpan.FromDays(Plan.Days);

    public int Deaths { get; private set; }

    public long Steps { get; private set; }

    /// <summary>What was found broken, the first findings.</summary>
    public IReadOnlyList<string> Findings => broken;

    /// <summary>Does something later.</summary>
    public void At(DateTimeOffset instant, Action action) => agenda.Enqueue(action, (instant, order++));

    /// <inheritdoc cref="At"/>
    public void In(TimeSpan time, Action action) => At(Now + time, action);

    /// <summary>Notes what happened, for the trace.</summary>
    public void Note(string what) => Trace.Add(Now, what);

    /// <summary>Notes that an invariant does not hold.</summary>
    public void Broken(string invariant, string what)
    {
        Note($"BROKEN {invariant}: {what}");
        if (broken.Count < 20)
        {
            broken.Add($"{invariant}: {what}");
        }
    }

    /// <summary>The way to a provider: it takes time, and the process may die on it.</summary>
    public async Task Outside()
    {
        await MayDie();
        TimeProvider time = Machine?.Scheduler.Clock ?? throw new InvalidOperationException("nobody is there to call");
        TimeSpan most = Faults.AreOn ? TimeSpan.FromSeconds(8) : TimeSpan.FromMilliseconds(200);
        await Task.Delay(Faults.Between(TimeSpan.FromMilliseconds(20), most), time);
    }

    /// <summary>Where the process may die.</summary>
    public Task MayDie()
    {
        if (!Faults.Happens(Faults.CrashAtProvider))
        {
            return Task.CompletedTask;
        }

        Machine?.TurnOff();
        return new TaskCompletionSource().Task;
    }

    /// <summary>Starts the process, and nobody comes: for whoever wants to give commands one by one.</summary>
    public SimulatedMachine Open()
    {
        StartMachine();
        return Machine ?? throw new InvalidOperationException("the process did not start");
    }

    /// <summary>Runs it.</summary>
    public SimulationReport Run()
    {
        StartMachine();
        Trouble.Arrange(this);
        for (int i = 0; i < Plan.Customers; i++)
        {
            CustomerLife life = new(this, i);
            Customers.Add(life);
            life.Arrange();
        }

        RunUntil(End);
        if (Plan.FaultsStop && broken.Count == 0)
        {
            Settle();
        }

        checker.CheckAlways();
        checker.CheckWhole();
        Note(checker.DigestOfData());
        return Report();
    }

    /// <summary>Lets time pass.</summary>
    public void RunUntil(DateTimeOffset until)
    {
        while (broken.Count == 0)
        {
            DateTimeOffset? poll = Machine?.Engine.NextPoll;
            DateTimeOffset? planned = agenda.TryPeek(out _, out (DateTimeOffset At, long) key) ? key.At : null;
            DateTimeOffset next = poll is null || planned < poll ? planned ?? until : poll.Value;
            next = next < until ? next : until;
            Pass(next);
            if (Died())
            {
                continue;
            }

            while (agenda.TryPeek(out _, out key) && key.At <= Now)
            {
                agenda.Dequeue()();
            }

            if (poll <= Now)
            {
                Machine?.Engine.Poll();
            }

            Machine?.Scheduler.RunUntilIdle();
            if (!Died() && next >= until)
            {
                return;
            }
        }
    }

    /// <summary>The process is ended, well or not, and another starts after a while.</summary>
    public void Restart(bool well, TimeSpan after)
    {
        if (Machine is not { } machine)
        {
            return;
        }

        Note(well ? "stopped" : "died");
        Deaths++;
        if (well)
        {
            machine.Stop();
        }

        Leave(machine);
        In(after, StartMachine);
    }

    public void Dispose()
    {
        Machine?.Kill();
        Oracle.Dispose();
        Trace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private void StartMachine()
    {
        if (Machine is not null)
        {
            return;
        }

        SimulatedMachine machine = new(this, machines++);
        Machine = machine;
        try
        {
            machine.Start();
        }
        catch (Exception error) when (Errors.IsExpected(error))
        {
            // The operating system starts it again.
            Note($"did not start: {error.GetType().Name}");
            Leave(machine);
            In(TimeSpan.FromMinutes(1), StartMachine);
            return;
        }

        Note("started");
        checker.CheckAlways();
    }

    private void Pass(DateTimeOffset until)
    {
        if (Machine is null)
        {
            stoodAt = until > stoodAt ? until : stoodAt;
        }
        else
        {
            Machine.Scheduler.AdvanceTo(until);
        }
    }

    private bool Died()
    {
        if (Machine is not { IsOff: true })
        {
            return false;
        }

        Restart(well: false, Trouble.Downtime(this));
        return true;
    }

    private void Leave(SimulatedMachine machine)
    {
        stoodAt = Now;
        Steps += machine.Scheduler.Steps;
        if (machine.Scheduler.FromOtherThreads > 0)
        {
            Broken(
                "F23",
                $"{machine.Scheduler.FromOtherThreads} pieces of work came from other threads, the first from "
                + machine.Scheduler.FirstFromOtherThread);
        }

        Machine = null;
        machine.Kill();
        Calls.MachineIsGone();
    }

    /// <summary>Faults stop. What is due must get done within two polls and the longest wait after a failure.</summary>
    private void Settle()
    {
        Faults.Stop();
        Clock.Jump(TimeSpan.Zero);
        Note("faults stop");
        if (Machine is { } chaotic)
        {
            // The host's own faults end with its process.
            Note("stopped");
            chaotic.Stop();
            Leave(chaotic);
        }

        StartMachine();
        TimeSpan backOff = TimeSpan.FromMilliseconds(new EngineOptions().BackOffMsMax);
        RunUntil(Now + backOff + (2 * SimulatedEngine.PollMax) + TimeSpan.FromSeconds(30));
        checker.CheckNothingIsOverdue();

        // Three weeks on, everything that was promised has been kept or has failed.
        RunUntil(Now + TimeSpan.FromDays(25));
        checker.CheckNothingIsOverdue();
        checker.CheckEverythingCameToAnEnd();
    }

    private SimulationReport Report()
    {
        Steps += Machine?.Scheduler.Steps ?? 0;
        return new SimulationReport(
            Plan,
            Trace.Hash,
            [.. broken],
            $"{Customers.Count} customers, {Orders.Count} orders, {Calls.Count} calls ({Calls.UnknownCount} of unknown "
                + $"outcome), {Channels.Taken.Count} messages, {Payments.Reservations.Count} payments, {Deaths} ends "
                + $"of the process, {Steps} steps");
    }
}

/// <summary>What came of a run.</summary>
/// <param name="Plan">What was run.</param>
/// <param name="Hash">Of everything that could be observed.</param>
/// <param name="Findings">What was found broken; empty when all is well.</param>
/// <param name="Figures">What there was, for people.</param>
internal sealed record SimulationReport(
    SimulationPlan Plan, string Hash, IReadOnlyList<string> Findings, string Figures);

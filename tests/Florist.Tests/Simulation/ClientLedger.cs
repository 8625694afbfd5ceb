using Florist.Kernel;

namespace Florist.Tests.Simulation;

/// <summary>What is known about a call from the outside.</summary>
internal enum CallState
{
    /// <summary>It has not ended, or will be tried again.</summary>
    Open,

    /// <summary>It was acknowledged.</summary>
    Done,

    /// <summary>It was refused; nothing has happened.</summary>
    Refused,

    /// <summary>Nobody knows, and nobody tries any more.</summary>
    Unknown,
}

/// <summary>Something that somebody asks of the shop, repeats included.</summary>
internal sealed class ClientCall
{
    /// <summary>What, for the trace.</summary>
    public required string What { get; init; }

    /// <summary>Asks once; a fault is a refusal.</summary>
    public required Func<SimulatedMachine, Task<Fault?>> Send { get; init; }

    /// <summary>What follows when it has ended, however it did.</summary>
    public Action<ClientCall>? Then { get; init; }

    public CallState State { get; set; }

    public int Tries { get; set; }

    /// <summary>When it was first tried.</summary>
    public DateTimeOffset BegunAt { get; set; }

    /// <summary>When its end was known.</summary>
    public DateTimeOffset EndedAt { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Why it was refused.</summary>
    public Fault? Fault { get; set; }

    public bool IsDone => State == CallState.Done;

    /// <summary>It happened, may have happened, or may still happen.</summary>
    public bool MayHaveHappened => Tries > 0 && State != CallState.Refused;
}

/// <summary>
/// Makes the calls of everybody outside, with the same request id until it knows the outcome or gives up, and remembers
/// what it was told.
/// </summary>
internal sealed class ClientLedger(Simulation simulation)
{
    private const int TriesMax = 12;

    private readonly List<ClientCall> underWay = [];

    public int Count { get; private set; }

    public int UnknownCount { get; private set; }

    /// <summary>Makes a call.</summary>
    public ClientCall Begin(string what, Func<SimulatedMachine, Task<Fault?>> send, Action<ClientCall>? then = null)
    {
        ClientCall call = new() { What = what, Send = send, Then = then };
        Count++;
        Try(call);
        return call;
    }

    /// <summary>The process is gone: nobody will answer what is under way.</summary>
    public void MachineIsGone()
    {
        ClientCall[] lost = [.. underWay];
        underWay.Clear();
        foreach (ClientCall call in lost)
        {
            Lost(call, "gone");
        }
    }

    private void Try(ClientCall call)
    {
        if (simulation.Machine is not { IsOff: false } machine)
        {
            // Nobody listens: it surely has not happened.
            simulation.In(simulation.Chance.Between(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)), () => Try(call));
            return;
        }

        call.BegunAt = call.Tries == 0 ? simulation.Now : call.BegunAt;
        call.Tries++;
        underWay.Add(call);
        machine.Scheduler.Start(() => Carry(call, machine));
    }

    private async Task Carry(ClientCall call, SimulatedMachine machine)
    {
        try
        {
            Fault? fault = await call.Send(machine);
            if (underWay.Remove(call))
            {
                Ended(call, fault);
            }
        }
        catch (Exception error)
        {
            // Whatever it is, the caller only knows that there was no answer.
            if (underWay.Remove(call))
            {
                Lost(call, error.GetType().Name);
            }
        }
    }

    private void Ended(ClientCall call, Fault? fault)
    {
        // Refused after a lost answer: an earlier try may have happened and something else have followed.
        call.Fault = fault;
        End(call, fault is null ? CallState.Done : call.Tries == 1 ? CallState.Refused : CallState.Unknown);
    }

    private void Lost(ClientCall call, string why)
    {
        simulation.Note($"{call.What} lost: {why}");
        if (call.Tries >= TriesMax || simulation.Chance.Percent(5))
        {
            UnknownCount++;
            End(call, CallState.Unknown);
            return;
        }

        simulation.In(
            simulation.Chance.Between(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)), () => Try(call));
    }

    private void End(ClientCall call, CallState state)
    {
        call.State = state;
        call.EndedAt = simulation.Now;
        simulation.Note($"{call.What} {state} {call.Fault?.Reason}");
        call.Then?.Invoke(call);
    }
}

using Orleans.Runtime;
using Orleans.Storage;

namespace Florist.Kernel;

/// <summary>
/// Lets one hot grain answer hundreds of callers with a few commits. The grain changes its memory at once and goes on
/// to the next call; no answer leaves before what it was computed from is durable, and all that wait share one write.
/// </summary>
/// <remarks>
/// <para>
/// An ordinary grain does not need it: it writes once per command and answers afterwards, see <see cref="Commits"/>. It
/// is for a grain that many callers change at the same time, and it asks for four things:
/// </para>
/// <list type="bullet">
/// <item>The grain class is <c>[Reentrant]</c>, or nobody can join a write.</item>
/// <item>
/// Deciding on <see cref="State"/> and handing the outcome to <see cref="Change"/> happen without an await in between:
/// what was read would be outdated.
/// </item>
/// <item>
/// Every method ends with <see cref="Durable()"/>, those that only read included: they may have seen a change that is
/// lost a moment later. A method that reads nothing but <see cref="Committed"/> needs no end of this kind; methods that
/// always interleave and watchers read only that.
/// </item>
/// <item>Nothing else writes the persistent state, and the exception of a broken gate is let through.</item>
/// </list>
/// <para>
/// When a write fails the gate is broken for good: all that wait, and all that come, get an
/// <see cref="InconsistentStateException"/> with the failure inside, by which the grain host drops the activation.
/// Memory is never mended; the next activation reads what is stored. What a change did that nobody could wait for, as
/// in a method that threw behind <see cref="Change"/>, goes with the next write.
/// </para>
/// <para>Not safe for threads: it lives in the turns of its grain.</para>
/// </remarks>
/// <typeparam name="TState">The grain's state record.</typeparam>
/// <param name="stored">
/// The grain's persistent state; it may be not loaded yet, so that the gate can be a field.
/// </param>
public sealed class OutputGate<TState>(IPersistentState<TState> stored)
    where TState : class, IDurableState<TState>
{
    private TState? changed;
    private TState? committed;
    private long changes;
    private long durableChanges;
    private Task? writing;
    private Exception? broken;

    /// <summary>
    /// The state with every change made so far, durable or not: what the next decision is made on. What is told to
    /// anybody because of it has to wait for <see cref="Durable()"/>.
    /// </summary>
    /// <exception cref="InconsistentStateException">The gate is broken.</exception>
    public TState State
    {
        get
        {
            ThrowIfBroken();
            return changed ?? stored.State;
        }
    }

    /// <summary>The state as it is stored for certain. It may be told at once, and may be a moment behind.</summary>
    public TState Committed => committed ?? stored.State;

    /// <summary>Makes <paramref name="next"/> the state, its effects included. Nothing is written yet.</summary>
    /// <param name="next">What follows from <see cref="State"/> as it is now.</param>
    /// <exception cref="InconsistentStateException">The gate is broken.</exception>
    public void Change(TState next)
    {
        ArgumentNullException.ThrowIfNull(next);
        ThrowIfBroken();
        committed ??= stored.State;
        changed = next;
        changes++;
    }

    /// <summary>
    /// Completes when every change made before this call is durable. It waits for at most two writes: the one that is
    /// on its way, and the next, which takes along what has come since.
    /// </summary>
    /// <exception cref="InconsistentStateException">
    /// One of those changes could not be written, or it is not known whether it was. Let it through.
    /// </exception>
    public Task Durable() => durableChanges == changes ? Task.CompletedTask : Durable(upTo: changes);

    /// <summary>Gives an answer when every change made before this call is durable.</summary>
    /// <typeparam name="TAnswer">What the caller is answered.</typeparam>
    /// <param name="answer">The answer, computed already.</param>
    /// <exception cref="InconsistentStateException">As of <see cref="Durable()"/>.</exception>
    public async Task<TAnswer> Durable<TAnswer>(TAnswer answer)
    {
        await Durable();
        return answer;
    }

    private async Task Durable(long upTo)
    {
        while (durableChanges < upTo)
        {
            ThrowIfBroken();
            try
            {
                await (writing ??= Write());
            }
            catch (Exception failure)
            {
                throw Dropping(failure);
            }
        }
    }

    private async Task Write()
    {
        // Turns that are ready to run come before this goes on, and their changes come along.
        await Task.Yield();

        // The state is handed over only here. A write begins a turn later than it is asked for, on every host: had
        // changes gone into it directly, nobody could tell which of them, and which effects, it carried.
        TState carried = State;
        long upTo = changes;
        stored.State = carried;
        try
        {
            await stored.WriteStateAsync();
        }
        catch (Exception failure)
        {
            broken = failure;
            throw;
        }

        int pending = carried.Effects.Pending.Length;
        int rows = carried.Effects.Rows.Length;
        committed = carried.With(Effects.None);
        changed = State.With(State.Effects.Written(pending, rows));
        durableChanges = upTo;
        writing = null;
    }

    private void ThrowIfBroken()
    {
        if (broken is { } failure)
        {
            throw Dropping(failure);
        }
    }

    // Each waiter gets an exception of its own: a host marks it when it has dropped the activation.
    private static InconsistentStateException Dropping(Exception failure) =>
        new("a change could not be written; the grain is dropped and read anew", failure);
}

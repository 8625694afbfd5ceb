using Orleans.Runtime;

namespace Florist.Kernel;

/// <summary>The last step of every command.</summary>
public static class Commits
{
    /// <summary>
    /// Makes <paramref name="next"/> the state and returns when it is durable, with its wake-up, messages and rows.
    /// When the write fails the activation is dropped, so that memory never holds what storage may not.
    /// </summary>
    /// <param name="stored">The grain's persistent state.</param>
    /// <param name="next">The state after the command.</param>
    /// <param name="deactivate">The grain's <c>DeactivateOnIdle</c>.</param>
    public static async Task Commit<TState>(this IPersistentState<TState> stored, TState next, Action deactivate)
        where TState : class, IDurableState<TState>
    {
        int pending = next.Effects.Pending.Length;
        int rows = next.Effects.Rows.Length;
        stored.State = next;
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            deactivate();
            throw;
        }

        // Only what this write carried: an interleaved turn may have added more behind it.
        stored.State = stored.State.With(stored.State.Effects.Written(pending, rows));
    }
}

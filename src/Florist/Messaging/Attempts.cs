using System.Collections.Immutable;

namespace Florist.Messaging;

/// <summary>
/// The attempts that this activation gave leave to and whose outcome is awaited. Lost with the activation: then the
/// state of the message alone tells that one may be under way.
/// </summary>
internal sealed class Attempts
{
    private readonly Dictionary<MessageId, TaskCompletionSource> underWay = [];

    /// <summary>Leave was given.</summary>
    public void Begin(MessageId message)
    {
        End(message);
        underWay.Add(message, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
    }

    /// <summary>True while the outcome of an attempt is awaited.</summary>
    public bool IsUnderWay(MessageId message) => underWay.ContainsKey(message);

    /// <summary>The outcome is recorded, or will be found out by asking.</summary>
    public void End(MessageId message)
    {
        if (underWay.Remove(message, out TaskCompletionSource? attempt))
        {
            attempt.SetResult();
        }
    }

    /// <summary>Waits for those of the attempts that are known here.</summary>
    /// <returns>Those that are not known here, or have not ended in time.</returns>
    public async Task<ImmutableArray<MessageId>> Await(ImmutableArray<MessageId> messages, TimeSpan atMost)
    {
        Task[] known = [.. messages.Where(underWay.ContainsKey).Select(message => underWay[message].Task)];
        Task late = Task.Delay(atMost, TimeProvider.System);
        await Task.WhenAny(Task.WhenAll(known), late);
        return [.. messages.Where(underWay.ContainsKey)];
    }
}

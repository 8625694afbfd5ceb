using System.Collections.Immutable;

namespace Florist.Messaging;

/// <summary>
/// The attempts that this activation gave leave to and whose outcome is awaited. Lost with the activation: then the
/// state of the message alone tells that one may be under way.
/// </summary>
/// <param name="clock">By whose time is waited.</param>
internal sealed class Attempts(TimeProvider clock)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly HashSet<MessageId> underWay = [];

    /// <summary>Leave was given.</summary>
    public void Begin(MessageId message) => underWay.Add(message);

    /// <summary>True while the outcome of an attempt is awaited.</summary>
    public bool IsUnderWay(MessageId message) => underWay.Contains(message);

    /// <summary>The outcome is recorded, or will be found out by asking.</summary>
    public void End(MessageId message) => underWay.Remove(message);

    /// <summary>
    /// Waits for those of the attempts that are known here. It looks again and again rather than being told, because
    /// who waits must not go on in the middle of the turn that ends an attempt, nor outside of the grain's turns.
    /// </summary>
    /// <returns>Those that are not known here, or have not ended in time.</returns>
    public async Task<ImmutableArray<MessageId>> Await(ImmutableArray<MessageId> messages, TimeSpan atMost)
    {
        long began = clock.GetTimestamp();
        while (messages.Any(underWay.Contains) && clock.GetElapsedTime(began) < atMost)
        {
            await Task.Delay(BetweenLooks, clock);
        }

        return [.. messages.Where(underWay.Contains)];
    }
}

namespace Florist.Kernel;

/// <summary>Parked messages of the outbox.</summary>
internal sealed class ParkedMessages(IOutboxTable table, IEnumerable<IOutboxHandler> handlers) : IParkedSource
{
    public ParkedSource Source => ParkedSource.Message;

    public bool CanRetry => true;

    public bool CanDrop => true;

    public Task<bool> Retry(string key, CancellationToken cancellationToken) => table.Retry(key);

    /// <summary>Whoever would have handled it records that nobody will; then the row goes.</summary>
    public async Task<bool> Drop(string key, CancellationToken cancellationToken)
    {
        if (await table.FindParked(key, cancellationToken) is not { } parked)
        {
            return false;
        }

        foreach (IOutboxHandler handler in handlers.Where(handler => handler.Topic == parked.Message.Topic))
        {
            await handler.Dropped(parked.Message, cancellationToken);
        }

        return await table.DropParked(key);
    }
}

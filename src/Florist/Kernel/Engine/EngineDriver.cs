namespace Florist.Kernel;

/// <summary>Wake-ups and outbox together.</summary>
internal sealed class EngineDriver(WakeService wakes, OutboxPump outbox, IWakeTable table) : IEngineDriver
{
    public async Task<int> RunDue(CancellationToken cancellationToken)
    {
        int all = 0;
        while (true)
        {
            // A wake-up may send a message and a message may schedule a wake-up: until neither finds anything.
            int some = await wakes.RunDue(cancellationToken) + await outbox.RunDue(cancellationToken);
            if (some == 0)
            {
                return all;
            }

            all += some;
        }
    }

    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken)
    {
        DateTimeOffset? wake = await table.NextDue(cancellationToken);
        DateTimeOffset? message = await outbox.NextDue(cancellationToken);
        return wake is null || message < wake ? message ?? wake : wake;
    }
}

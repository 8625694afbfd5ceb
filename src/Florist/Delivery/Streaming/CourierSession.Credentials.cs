using Florist.Kernel;

namespace Florist.Delivery.Streaming;

/// <summary>
/// What ends before a stream does: its token, its courier's standing, and patience with its producer.
/// </summary>
internal sealed partial class CourierSession
{
    // A token and a courier's standing are good for a while, not for as long as a stream.
    private async Task BeatCredentials(TimeSpan now, CancellationToken cancellationToken)
    {
        if (now >= terms.ExpiresAt)
        {
            EndIf(flushBy is null ? StreamEnds.TokenExpired() : null);
        }
        else if (now >= warnAt)
        {
            warnAt = null;
            if (closeAt is null && flushBy is null)
            {
                await SendDrain(terms.ExpiresAt.GetValueOrDefault() - now, "TOKEN_EXPIRING", cancellationToken);
            }
        }

        if (now >= checkAt)
        {
            checkAt = now + StreamTerms.StandingWait;
            _ = CheckStanding();
        }
    }

    private async Task CheckStanding()
    {
        try
        {
            Fault? fault = (await courier.Standing(terms.KeyId, terms.Key.Producer)).Fault;
            if (fault is not null && !(terms.IsInternal && fault.Kind == FaultKind.Denied))
            {
                Post(new StreamSignal.Refused(fault));
            }
        }
        catch (Exception cause)
        {
            Post(new StreamSignal.CursorFailed(cause));
        }
    }

    // The client hears of it when it is stored, so that reconnecting elsewhere is no way around it.
    private void ShutOutIfPoisonous()
    {
        if (!updates.IsQuarantined || isShutOut)
        {
            return;
        }

        (isShutOut, isShuttingOut) = (true, true);
        _ = ShutOut();
    }

    private async Task ShutOut()
    {
        try
        {
            (int count, int rejected) = gauge.Counts(terms.Now);
            await courier.Quarantine(new QuarantineProducer(terms.Key.Producer, count, rejected));
            gauge.Clear();
            Post(new StreamSignal.ShutOut());
        }
        catch (Exception cause)
        {
            // The gauge stays as it is, so that the next stream stores it.
            Post(new StreamSignal.CursorFailed(cause));
        }
    }
}

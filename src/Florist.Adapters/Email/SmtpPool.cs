using System.Collections.Concurrent;

namespace Florist.Adapters.Email;

/// <summary>
/// The few connections that are kept to the server. Whoever rents one gets it alive and reset, and is its only user
/// until it is given back.
/// </summary>
internal sealed class SmtpPool : IAsyncDisposable
{
    private readonly SmtpOptions _options;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentStack<Resting> _resting = new();
    private volatile bool _closed;

    public SmtpPool(SmtpOptions options)
    {
        _options = options;
        _places = new SemaphoreSlim(options.ConnectionsMax);
    }

    /// <summary>Waits for a place, then gives a connection that was used before, or a new one.</summary>
    public async Task<SmtpSession> Rent(CancellationToken cancel)
    {
        await _places.WaitAsync(cancel);
        try
        {
            while (_resting.TryPop(out Resting resting))
            {
                if (await Revive(resting, cancel))
                {
                    return resting.Session;
                }
            }

            return await SmtpSession.Open(_options, cancel);
        }
        catch
        {
            _places.Release();
            throw;
        }
    }

    /// <summary>Takes a connection back; one that is not in a known state is closed.</summary>
    public async Task Return(SmtpSession session, bool usable)
    {
        try
        {
            if (!usable)
            {
                session.Abort();
            }
            else if (_closed || session.MessagesSent >= _options.MessagesPerConnectionMax)
            {
                await session.DisposeAsync();
            }
            else
            {
                _resting.Push(new Resting(session, TimeProvider.System.GetTimestamp()));
            }
        }
        finally
        {
            _places.Release();
        }
    }

    // An attempt still under way gives its connection back after this, and has it closed. The semaphore stays usable
    // for
    // it: it holds nothing that needs disposal.
    public async ValueTask DisposeAsync()
    {
        _closed = true;
        while (_resting.TryPop(out Resting resting))
        {
            await resting.Session.DisposeAsync();
        }
    }

    // Nothing of the coming message has been said yet, so a connection that died in its sleep costs only a new one.
    private async Task<bool> Revive(Resting resting, CancellationToken cancel)
    {
        bool alive = false;
        try
        {
            if (TimeProvider.System.GetElapsedTime(resting.Since) < _options.IdleTimeout)
            {
                await resting.Session.Reset(cancel);
                alive = true;
            }
        }
        catch (Exception e) when (e is IOException or SmtpRefusedException)
        {
            alive = false;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            alive = false;
        }
        finally
        {
            if (!alive)
            {
                resting.Session.Abort();
            }
        }

        return alive;
    }

    private readonly record struct Resting(SmtpSession Session, long Since);
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Grpc.Core;

namespace Grpc.Kestrel.Client;

/// <summary>
/// Opens the connections of a channel and knows its state. A connection that was asked for before the first call
/// waits here until a call takes it.
/// </summary>
internal sealed class Connectivity : IDisposable
{
    private const double BackoffGrowth = 1.6;
    private const int JitterPercent = 20;

    private readonly Lock gate = new();
    private readonly SemaphoreSlim connecting = new(1);
    private readonly DnsEndPoint address;
    private readonly TimeSpan backoffMin;
    private readonly TimeSpan backoffMax;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectivityState state = ConnectivityState.Idle;
    private Socket? prepared;
    private int open;

    public Connectivity(Uri address, TimeSpan backoffMin, TimeSpan backoffMax)
    {
        this.address = new DnsEndPoint(address.IdnHost.Trim('[', ']'), address.Port);
        this.backoffMin = backoffMin;
        this.backoffMax = backoffMax;
    }

    public ConnectivityState State
    {
        get
        {
            lock (gate)
            {
                return state;
            }
        }
    }

    /// <summary>Completes as soon as the state is another one.</summary>
    public async Task WaitForChange(ConnectivityState last, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task change;
            lock (gate)
            {
                if (state != last)
                {
                    return;
                }

                change = changed.Task;
            }

            await change.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Connects, trying again with growing pauses, until there is a connection.</summary>
    /// <exception cref="OperationCanceledException">The token fired, or the channel was disposed of.</exception>
    public async Task Connect(CancellationToken cancellationToken)
    {
        await connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (TimeSpan backoff = backoffMin; !IsReady(); backoff = Min(backoff * BackoffGrowth, backoffMax))
            {
                Move(ConnectivityState.Connecting);
                try
                {
                    Keep(await OpenSocket(cancellationToken).ConfigureAwait(false));
                    continue;
                }
                catch (OperationCanceledException)
                {
                    Move(ConnectivityState.Idle);
                    throw;
                }
                catch (SocketException)
                {
                    // Whoever waits for the connection is told nothing but that there is one; the state says the rest.
                    Move(ConnectivityState.TransientFailure);
                }

                int percent = RandomNumberGenerator.GetInt32(100 - JitterPercent, 100 + JitterPercent + 1);
                await Task.Delay(backoff * percent / 100, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            connecting.Release();
        }
    }

    /// <summary>Gives a connection to the HTTP client.</summary>
    public async ValueTask<Stream> Open(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (TakePrepared() is Socket ready)
        {
            return new WatchedStream(ready, this);
        }

        Move(ConnectivityState.Connecting);
        try
        {
            Socket socket = await OpenSocket(cancellationToken).ConfigureAwait(false);
            lock (gate)
            {
                open++;
            }

            Move(ConnectivityState.Ready);
            return new WatchedStream(socket, this);
        }
        catch
        {
            Move(ConnectivityState.TransientFailure);
            throw;
        }
    }

    public void Dispose()
    {
        Move(ConnectivityState.Shutdown);
        lock (gate)
        {
            prepared?.Dispose();
            prepared = null;
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    // Readable without anything to read: the other side has closed.
    private static bool IsClosed(Socket socket) => socket.Poll(0, SelectMode.SelectRead) && socket.Available == 0;

    private async Task<Socket> OpenSocket(CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool IsReady()
    {
        lock (gate)
        {
            return state != ConnectivityState.Shutdown
                ? state == ConnectivityState.Ready
                : throw new OperationCanceledException("The channel is shut down.");
        }
    }

    private void Keep(Socket socket)
    {
        lock (gate)
        {
            if (state == ConnectivityState.Shutdown)
            {
                socket.Dispose();
                return;
            }

            prepared = socket;
        }

        Move(ConnectivityState.Ready);
        _ = WatchPrepared(socket);
    }

    private Socket? TakePrepared()
    {
        lock (gate)
        {
            if (prepared is not Socket socket)
            {
                return null;
            }

            prepared = null;
            if (IsClosed(socket))
            {
                socket.Dispose();
                return null;
            }

            open++;
            return socket;
        }
    }

    // Waits for the socket to have something to say; while no call has taken it that can only be its end.
    private async Task WatchPrepared(Socket socket)
    {
        try
        {
            await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It ended the hard way, or whoever took it is done with it.
        }

        lock (gate)
        {
            if (!ReferenceEquals(prepared, socket))
            {
                return;
            }

            prepared = null;
            socket.Dispose();
        }

        Closed(wasInUse: false);
    }

    private void Closed(bool wasInUse)
    {
        bool isLast;
        lock (gate)
        {
            open -= wasInUse ? 1 : 0;
            isLast = open == 0 && prepared is null && state == ConnectivityState.Ready;
        }

        if (isLast)
        {
            Move(ConnectivityState.Idle);
        }
    }

    // A further connection of a channel that is ready, or its failure, does not change that it is.
    private void Move(ConnectivityState to)
    {
        TaskCompletionSource told;
        lock (gate)
        {
            bool staysReady = to is ConnectivityState.Connecting or ConnectivityState.TransientFailure
                && state == ConnectivityState.Ready;
            if (state == to || state == ConnectivityState.Shutdown || staysReady)
            {
                return;
            }

            state = to;
            told = changed;
            changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        told.SetResult();
    }

    private sealed class WatchedStream(Socket socket, Connectivity owner) : NetworkStream(socket, ownsSocket: true)
    {
        private int isClosed;

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing && Interlocked.Exchange(ref isClosed, 1) == 0)
            {
                owner.Closed(wasInUse: true);
            }
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Florist.Tests.Testing.Postgres;

/// <summary>A network between the program and its server that can lose the server's answers.</summary>
internal sealed class CutProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly List<TcpClient> open = [];
    private readonly int server;
    private readonly Task accepting;
    private volatile bool isMute;

    public CutProxy(int server)
    {
        this.server = server;
        listener.Start();
        accepting = Accept();
    }

    /// <summary>Where the program connects to.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>From now on what the server says is lost, while it still hears everything.</summary>
    public void Mute() => isMute = true;

    /// <summary>Cuts all connections; later ones work again.</summary>
    public void Cut()
    {
        lock (open)
        {
            foreach (TcpClient client in open)
            {
                client.Close();
            }

            open.Clear();
        }

        isMute = false;
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        Cut();
        await accepting;
        stopping.Dispose();
    }

    private async Task Accept()
    {
        List<Task> flows = [];
        try
        {
            while (true)
            {
                TcpClient near = await listener.AcceptTcpClientAsync(stopping.Token);
                TcpClient far = new();
                await far.ConnectAsync(IPAddress.Loopback, server, stopping.Token);
                lock (open)
                {
                    open.AddRange([near, far]);
                }

                flows.Add(Flow(near.GetStream(), far.GetStream(), losesAnswers: false));
                flows.Add(Flow(far.GetStream(), near.GetStream(), losesAnswers: true));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(flows);
        }
    }

    private async Task Flow(NetworkStream from, NetworkStream to, bool losesAnswers)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, stopping.Token) is > 0 and var read)
            {
                if (!losesAnswers || !isMute)
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), stopping.Token);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // Cut.
        }
    }
}

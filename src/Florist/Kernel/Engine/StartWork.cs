using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// What a start sets going, and what must not end the start when it fails, as while another process of a cluster is
/// lost: each piece is tried, and tried again later until it succeeds or the process stops. Pieces are safe to repeat.
/// </summary>
internal sealed class StartWork(IOptions<EngineOptions> options, Jitter jitter, ILogger<StartWork> log) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock keeping = new();
    private readonly List<Task> insisting = [];

    /// <summary>Tries a piece.</summary>
    /// <param name="name">What it is called in the log.</param>
    /// <param name="piece">Does it.</param>
    /// <returns>Completes after the first try, whatever came of it.</returns>
    public async Task Begin(string name, Func<Task> piece)
    {
        if (await Try(name, piece, attempt: 1))
        {
            return;
        }

        Task rest = Insist(name, piece);
        lock (keeping)
        {
            insisting.Add(rest);
        }
    }

    /// <summary>Tries nothing any more; returns when the tries under way have ended.</summary>
    public async Task Stop(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        Task all;
        lock (keeping)
        {
            all = Task.WhenAll(insisting);
        }

        await all.WaitAsync(cancellationToken);
    }

    public void Dispose() => stopping.Dispose();

    private async Task Insist(string name, Func<Task> piece)
    {
        for (int attempt = 1; !stopping.IsCancellationRequested; attempt++)
        {
            TimeSpan wait = BackOff.After(attempt, options.Value, jitter.Next());
            EngineLog.StartWorkPutOff(log, name, wait);
            try
            {
                await Task.Delay(wait, options.Value.Clock, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (await Try(name, piece, attempt + 1))
            {
                return;
            }
        }
    }

    private async Task<bool> Try(string name, Func<Task> piece, int attempt)
    {
        try
        {
            await piece();
            return true;
        }
        catch (Exception error)
        {
            EngineLog.StartWorkFailed(log, name, attempt, error);
            return false;
        }
    }
}

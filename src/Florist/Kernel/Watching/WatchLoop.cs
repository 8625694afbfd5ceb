using Grpc.Core;

namespace Florist.Kernel;

/// <summary>Why a watcher is told something.</summary>
internal enum WatchChange
{
    /// <summary>The first message of a watch without a token.</summary>
    Snapshot,

    /// <summary>Something changed.</summary>
    Update,

    /// <summary>Nothing changed: a newer token, and a sign of life.</summary>
    Bookmark,

    /// <summary>The token was too old or not ours: what comes now stands for all before it.</summary>
    Reset,

    /// <summary>Nothing more will come.</summary>
    Final,
}

/// <summary>
/// Tells a watcher the versions of something as they come, and gives signs of life between them. Level-triggered: while
/// a slow reader takes one version, the next waits in one slot, and the source skips those that the last one replaces.
/// </summary>
internal static class WatchLoop
{
    // A reader that takes nothing for so long after the watch's end is not waited for.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Runs a watch until its source or its time ends.</summary>
    /// <param name="versions">The versions, each newer than the one before.</param>
    /// <param name="terms">How long, and how often a sign of life.</param>
    /// <param name="tell">
    /// Tells a version; the flag is true for a new one, and false for a sign of life upon the last. False ends the
    /// watch.
    /// </param>
    /// <param name="cancellationToken">The caller is gone.</param>
    /// <exception cref="RpcException">The reader took nothing until the watch's time was over.</exception>
    public static async Task Run<TVersion>(
        IAsyncEnumerable<TVersion> versions,
        WatchTerms terms,
        Func<TVersion, bool, CancellationToken, Task<bool>> tell,
        CancellationToken cancellationToken)
        where TVersion : class
    {
        using CancellationTokenSource over = new(terms.Lifetime + Grace, terms.Clock);
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        try
        {
            await Tell(versions, terms, tell, either.Token);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested
            && !cancellationToken.IsCancellationRequested)
        {
            throw FaultStatus.Make(StatusCode.DeadlineExceeded, "WATCH_NOT_READ", "the watch was not read to its end");
        }
    }

    private static async Task Tell<TVersion>(
        IAsyncEnumerable<TVersion> versions,
        WatchTerms terms,
        Func<TVersion, bool, CancellationToken, Task<bool>> tell,
        CancellationToken cancellationToken)
        where TVersion : class
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<TVersion> source = versions.GetAsyncEnumerator(ended.Token);
        Task<bool> next = source.MoveNextAsync().AsTask();
        long began = terms.Clock.GetTimestamp();
        TVersion? last = null;
        try
        {
            while (true)
            {
                TimeSpan left = terms.Lifetime - terms.Clock.GetElapsedTime(began);
                bool arrived = await Arrives(next, Shorter(terms.Bookmark, left), terms.Clock, cancellationToken);
                if (arrived)
                {
                    if (!await next)
                    {
                        return;
                    }

                    last = source.Current;
                    next = source.MoveNextAsync().AsTask();
                }

                bool goesOn = last is null || await tell(last, arrived, cancellationToken);
                if (!goesOn || (!arrived && terms.Clock.GetElapsedTime(began) >= terms.Lifetime))
                {
                    return;
                }
            }
        }
        finally
        {
            // The source may not be disposed of while it is being asked.
            await ended.CancelAsync();
            await Task.WhenAny(next);
        }
    }

    // False when there was no news for so long.
    private static async Task<bool> Arrives(
        Task next, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (next.IsCompleted)
        {
            return true;
        }

        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task first = await Task.WhenAny(next, Task.Delay(patience, clock, waiting.Token));
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == next;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) =>
        other <= TimeSpan.Zero ? TimeSpan.Zero : one < other ? one : other;
}

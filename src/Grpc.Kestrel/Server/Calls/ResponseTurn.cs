namespace Grpc.Kestrel.Server;

/// <summary>
/// Whose turn it is to write to the response: one writer at a time, and after <see cref="Close"/> only the one who
/// closed it. The end of the handler and the deadline race for that; exactly one of them wins. A part of the call that
/// owns it and never copied: every call would pay for an object of its own.
/// </summary>
internal struct ResponseTurn
{
    private const int Free = 0;
    private const int Writing = 1;
    private const int ClosedWhileWriting = 2;
    private const int Closed = 3;

    private int state;
    private TaskCompletionSource? writerLeft;

    public readonly bool IsClosed => Volatile.Read(in state) >= ClosedWhileWriting;

    /// <summary>Takes the turn to write.</summary>
    /// <exception cref="InvalidOperationException">Another write is in progress, or the call has ended.</exception>
    public void Enter()
    {
        if (!TryEnter(out string refusal))
        {
            throw new InvalidOperationException(refusal);
        }
    }

    /// <summary>Takes the turn to write, or says why it cannot be had.</summary>
    public bool TryEnter(out string refusal)
    {
        int before = Interlocked.CompareExchange(ref state, Writing, Free);
        refusal = before switch
        {
            Free => "",
            Writing => "Can't write the message because the previous write is in progress.",
            _ => "Can't write the message because the request is complete.",
        };
        return before == Free;
    }

    /// <summary>Gives the turn back.</summary>
    public void Leave()
    {
        if (Interlocked.CompareExchange(ref state, Free, Writing) != Writing)
        {
            Volatile.Write(ref state, Closed);
            Volatile.Read(ref writerLeft)?.SetResult();
        }
    }

    /// <summary>Lets nobody else write any more, if nobody writes and nobody closed it before.</summary>
    public bool TryClose() => Interlocked.CompareExchange(ref state, Closed, Free) == Free;

    /// <summary>Lets nobody else write any more.</summary>
    /// <returns>
    /// False at once when somebody else closed it before; true as soon as a write in progress has ended.
    /// </returns>
    public ValueTask<bool> Close()
    {
        while (true)
        {
            int before = Interlocked.CompareExchange(ref state, Closed, Free);
            if (before == Free)
            {
                return new ValueTask<bool>(true);
            }

            if (before != Writing)
            {
                return new ValueTask<bool>(false);
            }

            // Published before the state changes, so that the writer finds it when it leaves.
            TaskCompletionSource mine = new(TaskCreationOptions.RunContinuationsAsynchronously);
            TaskCompletionSource shared = Interlocked.CompareExchange(ref writerLeft, mine, null) ?? mine;
            if (Interlocked.CompareExchange(ref state, ClosedWhileWriting, Writing) == Writing)
            {
                return new ValueTask<bool>(Closing(shared.Task));
            }
        }
    }

    private static async Task<bool> Closing(Task writerLeft)
    {
        await writerLeft.ConfigureAwait(false);
        return true;
    }
}

namespace Grpc.Core;

/// <summary>How to ask a call about itself: four plain delegates, or four delegates over one state object.</summary>
internal readonly struct CallState
{
    private readonly object state;
    private readonly object responseHeaders;
    private readonly Delegate getStatus;
    private readonly Delegate getTrailers;
    private readonly Delegate dispose;

    public CallState(
        Task<Metadata> responseHeaders, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
    {
        state = this.responseHeaders = responseHeaders;
        this.getStatus = getStatus;
        this.getTrailers = getTrailers;
        this.dispose = dispose;
    }

    public CallState(
        Func<object, Task<Metadata>> responseHeaders,
        Func<object, Status> getStatus,
        Func<object, Metadata> getTrailers,
        Action<object> dispose,
        object state)
    {
        this.state = state;
        this.responseHeaders = responseHeaders;
        this.getStatus = getStatus;
        this.getTrailers = getTrailers;
        this.dispose = dispose;
    }

    public Task<Metadata> ResponseHeaders() => responseHeaders is Func<object, Task<Metadata>> withState
        ? withState(state)
        : (Task<Metadata>)responseHeaders;

    public Status GetStatus() => getStatus is Func<object, Status> withState
        ? withState(state)
        : ((Func<Status>)getStatus)();

    public Metadata GetTrailers() => getTrailers is Func<object, Metadata> withState
        ? withState(state)
        : ((Func<Metadata>)getTrailers)();

    public void Dispose()
    {
        if (dispose is Action<object> withState)
        {
            withState(state);
        }
        else
        {
            ((Action)dispose)();
        }
    }
}

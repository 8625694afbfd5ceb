namespace Orleans.Runtime;

/// <summary>
/// Requests in the order they came; any of them can be taken out at no cost. Guarded by its owner's lock.
/// </summary>
internal sealed class RequestList
{
    internal Request? First { get; private set; }

    internal int Count { get; private set; }

    private Request? Last { get; set; }

    internal void Add(Request request)
    {
        request.List = this;
        request.Previous = Last;
        request.Next = null;
        if (Last is null)
        {
            First = request;
        }
        else
        {
            Last.Next = request;
        }

        Last = request;
        Count++;
    }

    internal bool Remove(Request request)
    {
        if (!ReferenceEquals(request.List, this))
        {
            return false;
        }

        if (request.Previous is null)
        {
            First = request.Next;
        }
        else
        {
            request.Previous.Next = request.Next;
        }

        if (request.Next is null)
        {
            Last = request.Previous;
        }
        else
        {
            request.Next.Previous = request.Previous;
        }

        request.Previous = null;
        request.Next = null;
        request.List = null;
        Count--;
        return true;
    }

    internal List<Request> TakeAll()
    {
        List<Request> all = new(Count);
        while (First is { } request)
        {
            Remove(request);
            all.Add(request);
        }

        return all;
    }
}

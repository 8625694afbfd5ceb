namespace Orleans.Runtime;

/// <summary>
/// Requests in the order they came; any of them can be taken out at no cost. Guarded by its owner's lock.
/// </summary>
internal sealed class RequestList
{
    internal Request? First { get; private set; }

    internal int Count { get; private set; }

    private Request? Last { get; set; }

    internal void Add(Request request) => Insert(request, Last);

    /// <summary>Adds a request ahead of some that came before it, but of none of the same caller.</summary>
    internal void AddOvertaking(Request request, int overtakesMax)
    {
        Request? before = Last;
        for (int i = 0; i < overtakesMax && before is not null && before.Caller != request.Caller; i++)
        {
            before = before.Previous;
        }

        Insert(request, before);
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

    private void Insert(Request request, Request? before)
    {
        Request? after = before is null ? First : before.Next;
        request.List = this;
        request.Previous = before;
        request.Next = after;
        if (before is null)
        {
            First = request;
        }
        else
        {
            before.Next = request;
        }

        if (after is null)
        {
            Last = request;
        }
        else
        {
            after.Previous = request;
        }

        Count++;
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

using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>A call of a method with a result.</summary>
/// <typeparam name="T">The result.</typeparam>
internal abstract class ResultRequest<T> : AnsweredRequest<T>
{
    private ValueTaskAwaiter<T?> pending;

    internal override async Task Invoke(object grain, CallResponse response) => response.Result = await Call(grain);

    /// <summary>Calls the method; emitted.</summary>
    protected abstract ValueTask<T?> Call(object grain);

    private protected override void AnswerFrom(CallResponse response)
    {
        if (response.Result is T value)
        {
            Answer(value);
        }
        else if (response.Result is null)
        {
            Answer(default);
        }
        else
        {
            Fail(new InvalidCastException($"a filter answered {Method} with a {response.Result.GetType()}"));
        }
    }

    private protected override void Begin(object grain)
    {
        try
        {
#pragma warning disable CA2012 // The awaiter is consumed once, in Complete.
            pending = Call(grain).GetAwaiter();
#pragma warning restore CA2012
        }
        catch (Exception failure)
        {
            EndWith(failure);
            return;
        }

        if (pending.IsCompleted)
        {
            Complete();
        }
        else
        {
            pending.UnsafeOnCompleted(Complete);
        }
    }

    private void Complete()
    {
        T? value;
        try
        {
            value = pending.GetResult();
        }
        catch (Exception failure)
        {
            EndWith(failure);
            return;
        }

        if (End(null))
        {
            Answer(value);
        }
    }
}

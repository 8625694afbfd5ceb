using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>A call of a method without a result.</summary>
internal abstract class VoidRequest : AnsweredRequest<Nothing>
{
    private ValueTaskAwaiter pending;

    internal override async Task Invoke(object grain, CallResponse response) => await Call(grain);

    /// <summary>Calls the method; emitted.</summary>
    protected abstract ValueTask Call(object grain);

    private protected override void AnswerFrom(CallResponse response) => Answer(default);

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
        try
        {
            pending.GetResult();
        }
        catch (Exception failure)
        {
            EndWith(failure);
            return;
        }

        if (End(null))
        {
            Answer(default);
        }
    }
}

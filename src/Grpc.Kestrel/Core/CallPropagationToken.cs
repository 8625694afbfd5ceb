namespace Grpc.Core;

/// <summary>The deadline and the cancellation of the call that another one is made for.</summary>
/// <param name="deadline">In UTC; <see cref="DateTime.MaxValue"/> for none.</param>
/// <param name="cancellationToken">Fires when the first call has ended.</param>
internal sealed class CallPropagationToken(DateTime deadline, CancellationToken cancellationToken)
    : ContextPropagationToken
{
    public DateTime Deadline { get; } = deadline;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    public static CallPropagationToken Of(ServerCallContext call, ContextPropagationOptions? options)
    {
        ContextPropagationOptions carried = options ?? ContextPropagationOptions.Default;
        return new CallPropagationToken(
            carried.IsPropagateDeadline ? call.Deadline : DateTime.MaxValue,
            carried.IsPropagateCancellation ? call.CancellationToken : CancellationToken.None);
    }

    /// <summary>The options of a call with the earlier of both deadlines.</summary>
    public static CallOptions Apply(CallOptions options) =>
        options.PropagationToken is CallPropagationToken { Deadline: DateTime deadline }
        && deadline != DateTime.MaxValue && (options.Deadline is not DateTime own || deadline < own)
            ? options.WithDeadline(deadline)
            : options;
}

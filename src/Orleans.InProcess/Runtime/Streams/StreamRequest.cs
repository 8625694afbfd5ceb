using Orleans.Serialization.Invocation;

namespace Orleans.Runtime;

/// <summary>
/// How to open a stream: a method of type IAsyncEnumerable with its arguments. The subclass is emitted.
/// </summary>
/// <typeparam name="T">The elements.</typeparam>
internal abstract class StreamRequest<T> : IInvokable
{
    public abstract GrainMethod Method { get; }

    public int GetArgumentCount() => Method.ArgumentCount;

    public abstract object? GetArgument(int index);

    public string GetMethodName() => Method.MethodName;

    public string GetInterfaceName() => Method.InterfaceName;

    /// <summary>Calls the method; emitted.</summary>
    public abstract IAsyncEnumerable<T> Call(object grain, CancellationToken token);
}

using Orleans.Runtime;
using Orleans.Serialization.Invocation;

namespace Orleans.Serialization.Invocation
{
    /// <summary>A call: which method of which interface, with what arguments.</summary>
    public interface IInvokable
    {
        /// <summary>How many arguments there are; a trailing cancellation token is none.</summary>
        /// <returns>Zero or more.</returns>
        int GetArgumentCount();

        /// <summary>One argument.</summary>
        /// <param name="index">From zero.</param>
        /// <returns>The argument; null when the caller passed null.</returns>
        object? GetArgument(int index);

        /// <summary>The name of the method.</summary>
        /// <returns>The name as in the interface.</returns>
        string GetMethodName();

        /// <summary>The name of the interface.</summary>
        /// <returns>The name with its namespace.</returns>
        string GetInterfaceName();
    }

    /// <summary>What became of a call.</summary>
    public abstract class Response
    {
        private protected Response()
        {
        }

        /// <summary>The result; null when the method has none or failed.</summary>
        public abstract object? Result { get; set; }

        /// <summary>The failure; null when the method succeeded.</summary>
        public abstract Exception? Exception { get; set; }
    }
}

namespace Orleans
{
    /// <summary>A call on its way, as a filter sees it.</summary>
    public interface IGrainCallContext
    {
        /// <summary>The call.</summary>
        IInvokable Request { get; }

        /// <summary>The grain object that is called.</summary>
        object Grain { get; }

        /// <summary>The grain that is called.</summary>
        GrainId TargetId { get; }

        /// <summary>The name of the interface, with its namespace.</summary>
        string InterfaceName { get; }

        /// <summary>The name of the method.</summary>
        string MethodName { get; }

        /// <summary>The result after <see cref="Invoke"/>; a filter may replace it. Null when there is none.</summary>
        object? Result { get; set; }

        /// <summary>What became of the call; null before <see cref="Invoke"/>.</summary>
        Response? Response { get; set; }

        /// <summary>Goes on: runs the next filter, or after the last one the method. Once per filter.</summary>
        /// <returns>Completes with the call; fails when the method fails.</returns>
        Task Invoke();
    }

    /// <summary>A call arriving at a grain.</summary>
    public interface IIncomingGrainCallContext : IGrainCallContext;

    /// <summary>Sees every call that arrives at a grain, in the grain's turn.</summary>
    public interface IIncomingGrainCallFilter
    {
        /// <summary>
        /// Handles a call. Not calling <see cref="IGrainCallContext.Invoke"/> answers it without the grain.
        /// </summary>
        /// <param name="context">The call.</param>
        /// <returns>Completes with the call; a failure reaches the caller.</returns>
        Task Invoke(IIncomingGrainCallContext context);
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>The state of a grain that has no record.</summary>
internal static class InitialState
{
    /// <summary>What the public constructor without parameters makes; an uninitialised object without one.</summary>
    internal static TState Of<TState>() => Maker<TState>.Make();

    private static class Maker<TState>
    {
        internal static readonly Func<TState> Make = Choose();

        private static Func<TState> Choose()
        {
            Type type = typeof(TState);
            if (type.IsValueType)
            {
                return Activator.CreateInstance<TState>;
            }

            if (type.IsAbstract || type.IsArray || type == typeof(string))
            {
                return () => throw new OrleansException($"{type} can be no grain state: it cannot be made empty");
            }

            return type.GetConstructor(BindingFlags.Instance | BindingFlags.Public, Type.EmptyTypes) is null
                ? () => (TState)RuntimeHelpers.GetUninitializedObject(type)
                : Activator.CreateInstance<TState>;
        }
    }
}

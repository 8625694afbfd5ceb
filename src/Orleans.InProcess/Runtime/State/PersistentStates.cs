using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Makes the state objects that grain constructors ask for.</summary>
internal static class PersistentStates
{
    /// <summary>How to make the state of a constructor parameter.</summary>
    /// <exception cref="OrleansException">The parameter is no IPersistentState.</exception>
    internal static Func<Activation, object?> MakerOf(ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        Type type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansException($"[PersistentState] stands on {parameter}, which is no IPersistentState");
        }

        MethodInfo make = GrainMethodShape.Internal(typeof(PersistentStates), nameof(MakerOfState))
            .MakeGenericMethod(type.GetGenericArguments());
        return make.CreateDelegate<Func<PersistentStateAttribute, Func<Activation, object?>>>()(attribute);
    }

    private static Func<Activation, object?> MakerOfState<TState>(PersistentStateAttribute attribute) =>
        new StateMaker<TState>(attribute).Make;
}

/// <summary>Makes the states of one constructor parameter. Their storage is a singleton, looked up once.</summary>
internal sealed class StateMaker<TState>(PersistentStateAttribute attribute)
{
    private const string DefaultStorage = "Default";

    private IGrainStorage? storage;

    /// <exception cref="OrleansException">The storage is not registered.</exception>
    internal object? Make(Activation activation)
    {
        storage ??= Find(activation);
        return new PersistentState<TState>(activation, attribute.StateName, storage);
    }

    private IGrainStorage Find(Activation activation)
    {
        GrainHost host = activation.Host;
        string name = attribute.StorageName ?? DefaultStorage;
        IGrainStorage found = host.Services.GetKeyedService<IGrainStorage>(name)
            ?? (attribute.StorageName is null ? host.Services.GetService<IGrainStorage>() : null)
            ?? throw new OrleansException(
                $"no grain storage is registered as '{name}', which {activation.Class} needs");
        return host.Chaos.HasFaultyStorage ? new FaultyStorage(found, host.Chaos) : found;
    }
}

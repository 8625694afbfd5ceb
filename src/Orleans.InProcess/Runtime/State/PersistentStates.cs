using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Orleans.Runtime;

/// <summary>Makes the state objects that grain constructors ask for.</summary>
internal static class PersistentStates
{
    private const string DefaultStorage = "Default";

    /// <summary>How to make the state of a constructor parameter.</summary>
    /// <exception cref="OrleansException">The parameter is no IPersistentState.</exception>
    internal static Func<Activation, object?> MakerOf(ParameterInfo parameter, PersistentStateAttribute attribute)
    {
        Type type = parameter.ParameterType;
        if (!type.IsGenericType || type.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansException($"[PersistentState] stands on {parameter}, which is no IPersistentState");
        }

        MethodInfo make = GrainMethodShape.Internal(typeof(PersistentStates), nameof(Make))
            .MakeGenericMethod(type.GetGenericArguments());
        var bound = make.CreateDelegate<Func<PersistentStateAttribute, Activation, object?>>();
        return activation => bound(attribute, activation);
    }

    private static PersistentState<TState> Make<TState>(PersistentStateAttribute attribute, Activation activation)
    {
        IServiceProvider services = activation.ActivationServices;
        string name = attribute.StorageName ?? DefaultStorage;
        IGrainStorage storage = services.GetKeyedService<IGrainStorage>(name)
            ?? (attribute.StorageName is null ? services.GetService<IGrainStorage>() : null)
            ?? throw new OrleansException(
                $"no grain storage is registered as '{name}', which {activation.Class} needs");
        return new PersistentState<TState>(activation, attribute.StateName, storage);
    }
}

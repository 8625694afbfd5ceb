using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>
/// What is known of a grain class: its type name, its interfaces, how its calls take turns, how it is made.
/// </summary>
internal sealed class GrainClass
{
    private readonly ConstructorInvoker constructor;
    private readonly Func<Activation, object?>[] parameters;

    private GrainClass(Type type, GrainType grainType)
    {
        Type = type;
        GrainType = grainType;
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute));
        WorkersMax = type.GetCustomAttribute<StatelessWorkerAttribute>()?.MaxLocalWorkers ?? 0;
        Interfaces = [.. type.GetInterfaces().Where(typeof(IAddressable).IsAssignableFrom)];
        ConstructorInfo[] constructors = type.GetConstructors();
        ConstructorInfo chosen = constructors.Length == 1
            ? constructors[0]
            : constructors.SingleOrDefault(c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)))
                ?? throw new OrleansException($"the grain class {type} needs exactly one public constructor");
        constructor = ConstructorInvoker.Create(chosen);
        parameters = [.. chosen.GetParameters().Select(Source)];
    }

    internal Type Type { get; }

    internal GrainType GrainType { get; }

    internal bool IsReentrant { get; }

    /// <summary>
    /// How many activations a grain may have at once; zero means one, and that it is not a stateless worker.
    /// </summary>
    internal int WorkersMax { get; }

    internal IReadOnlyList<Type> Interfaces { get; }

    public override string ToString() => Type.FullName ?? Type.Name;

    internal static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, IsGenericTypeDefinition: false }
        && typeof(IGrainBase).IsAssignableFrom(type) && typeof(IAddressable).IsAssignableFrom(type);

    /// <exception cref="OrleansException">
    /// The class lacks its GrainType, or a constructor that can be chosen.
    /// </exception>
    internal static GrainClass Of(Type type)
    {
        GrainTypeAttribute named = type.GetCustomAttribute<GrainTypeAttribute>()
            ?? throw new OrleansException(
                $"the grain class {type} has no [GrainType]: its name is half of the storage key");
        return new GrainClass(type, named.GrainType);
    }

    /// <summary>Makes the grain object, in its activation's turn.</summary>
    internal object Create(Activation activation)
    {
        object?[] arguments = new object?[parameters.Length];
        for (int i = 0; i < arguments.Length; i++)
        {
            arguments[i] = parameters[i](activation);
        }

        return constructor.Invoke(arguments.AsSpan());
    }

    private static Func<Activation, object?> Source(ParameterInfo parameter)
    {
        Type type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            return PersistentStates.MakerOf(parameter, state);
        }

        if (type == typeof(IGrainContext))
        {
            return activation => activation;
        }

        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        return parameter.HasDefaultValue
            ? activation => activation.ActivationServices.GetService(type) ?? parameter.DefaultValue
            : activation => activation.ActivationServices.GetRequiredService(type);
    }
}

using System.Reflection;

namespace Orleans.Runtime;

/// <summary>
/// The form of a method of a grain interface: what it returns, and whether its last parameter is a token.
/// </summary>
internal sealed record GrainMethodShape(Type RequestType, Type? Item, int ArgumentCount, bool HasToken, Type Returns)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public
        | BindingFlags.NonPublic;

    internal bool IsStream => Returns == typeof(IAsyncEnumerable<>);

    internal bool IsValueTask => Returns == typeof(ValueTask) || Returns == typeof(ValueTask<>);

    internal static GrainMethodShape Of(MethodInfo method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        bool hasToken = parameters.Length > 0 && parameters[^1].ParameterType == typeof(CancellationToken);
        Type type = method.ReturnType;
        Type returns = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        Type? item = type.IsGenericType ? type.GetGenericArguments()[0] : null;
        Type generic = returns == typeof(IAsyncEnumerable<>) ? typeof(StreamRequest<>) : typeof(ResultRequest<>);
        Type request = item is null ? typeof(VoidRequest) : generic.MakeGenericType(item);
        return new GrainMethodShape(request, item, parameters.Length - (hasToken ? 1 : 0), hasToken, returns);
    }

    /// <summary>A method of the runtime that emitted code uses.</summary>
    internal static MethodInfo Internal(Type type, string name) => type.GetMethod(name, Any)
        ?? throw new MissingMethodException(type.FullName, name);

    /// <summary>The method of <see cref="GrainReference"/> that sends a request of this form.</summary>
    internal MethodInfo SendMethod(bool oneWay)
    {
        if (IsStream && Item is not null)
        {
            return Internal(typeof(GrainReference), nameof(GrainReference.Open)).MakeGenericMethod(Item);
        }

        if (oneWay)
        {
            return Internal(typeof(GrainReference), nameof(GrainReference.SendOneWay));
        }

        MethodInfo send = typeof(GrainReference).GetMethods(Any)
            .Single(m => m.Name == nameof(GrainReference.Send) && m.IsGenericMethod == Item is not null);
        return Item is null ? send : send.MakeGenericMethod(Item);
    }

    /// <summary>The constructor that makes a ValueTask of the Task that the request answers with.</summary>
    internal ConstructorInfo ValueTaskOfTask(Type valueTask) => valueTask.GetConstructor(
        [Item is null ? typeof(Task) : typeof(Task<>).MakeGenericType(Item)])
        ?? throw new MissingMethodException(valueTask.FullName, ".ctor");
}

/// <summary>The methods of grain interfaces.</summary>
internal static class GrainMethods
{
    /// <summary>Those of an interface and of the interfaces it extends.</summary>
    internal static MethodInfo[] Of(Type grainInterface) =>
    [
        .. new[] { grainInterface }.Concat(grainInterface.GetInterfaces())
            .SelectMany(t => t.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(m => m.IsAbstract || (m.IsVirtual && !m.IsFinal)),
    ];

    /// <exception cref="NotSupportedException">The interface has a member that no grain can have.</exception>
    internal static void Check(Type grainInterface)
    {
        if (!grainInterface.IsInterface || grainInterface.ContainsGenericParameters)
        {
            throw new NotSupportedException($"{grainInterface} is no grain interface");
        }

        foreach (MethodInfo method in Of(grainInterface))
        {
            string name = $"{method.DeclaringType}.{method.Name}";
            if (method.IsSpecialName || method.IsGenericMethodDefinition)
            {
                throw new NotSupportedException($"{name}: a grain interface has no properties or generic methods");
            }

            ParameterInfo[] parameters = method.GetParameters();
            if (parameters.Any(p => p.ParameterType.IsByRef || p.ParameterType.IsByRefLike)
                || parameters.SkipLast(1).Any(p => p.ParameterType == typeof(CancellationToken)))
            {
                throw new NotSupportedException(
                    $"{name}: no parameter is by reference, and only the last may be a token");
            }

            Type type = method.ReturnType;
            Type returns = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
            if (returns != typeof(Task) && returns != typeof(Task<>) && returns != typeof(ValueTask)
                && returns != typeof(ValueTask<>) && returns != typeof(IAsyncEnumerable<>))
            {
                throw new NotSupportedException(
                    $"{name} returns {type}; grain methods return Task, ValueTask or IAsyncEnumerable");
            }

            if (method.IsDefined(typeof(Concurrency.OneWayAttribute)) && type.IsGenericType)
            {
                throw new NotSupportedException($"{name}: a one-way method has no result");
            }
        }
    }
}

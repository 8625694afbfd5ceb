using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.CompilerServices;
using Florist.Kernel;
using Orleans;
using Orleans.Runtime;

namespace Florist.Tests.Architecture;

/// <summary>
/// What grains hand to one another is passed by reference, so nobody may be able to change it: every type that a grain's
/// method takes or gives, and every stored state, is immutable all the way down.
/// </summary>
public sealed class ImmutabilityTests
{
    private static readonly HashSet<Type> Leaves =
    [
        typeof(string), typeof(decimal), typeof(DateOnly), typeof(TimeOnly), typeof(DateTimeOffset), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(CancellationToken), typeof(GrainId), typeof(TickStatus),
        typeof(NodaTime.IDateTimeZoneProvider),
    ];

    private static readonly Assembly Product = typeof(Fault).Assembly;

    [Fact]
    public void Everything_that_grains_exchange_or_store_is_immutable()
    {
        List<string> mutable = [];
        HashSet<Type> seen = [];
        foreach ((Type type, string path) in Exchanged().Concat(States()))
        {
            Walk(type, path, seen, mutable);
        }

        Assert.NotEmpty(seen);
        Offenders.None(mutable);
    }

    [Fact]
    public void Every_stored_state_has_a_public_constructor_without_parameters() => Offenders.None(
        States().Where(state => state.Type.GetConstructor(Type.EmptyTypes) is null).Select(state => state.Type.Name));

    [Fact]
    public void Every_grain_class_names_its_type_and_no_two_the_same()
    {
        Type[] grains = [.. Product.GetTypes().Where(type => type.IsAssignableTo(typeof(Grain)) && !type.IsAbstract)];
        string[] names = [.. grains.Select(type => type.GetCustomAttributesData()
            .SingleOrDefault(data => data.AttributeType == typeof(GrainTypeAttribute))?.ConstructorArguments[0].Value?.ToString() ?? "")];

        Assert.NotEmpty(grains);
        Assert.DoesNotContain("", names);
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    private static IEnumerable<(Type Type, string Path)> Exchanged() =>
        from face in Product.GetTypes()
        where face.IsInterface && face.IsAssignableTo(typeof(IGrainWithStringKey))
        from method in face.GetMethods()
        from type in method.GetParameters().Select(parameter => parameter.ParameterType).Append(Result(method.ReturnType))
        where type != typeof(void)
        select (type, $"{face.Name}.{method.Name}");

    private static IEnumerable<(Type Type, string Path)> States() =>
        from grain in Product.GetTypes()
        where grain.IsAssignableTo(typeof(Grain)) && !grain.IsAbstract
        from parameter in grain.GetConstructors().SelectMany(constructor => constructor.GetParameters())
        where parameter.ParameterType.IsGenericType
            && parameter.ParameterType.GetGenericTypeDefinition() == typeof(IPersistentState<>)
        select (parameter.ParameterType.GenericTypeArguments[0], grain.Name);

    private static Type Result(Type returned) => returned switch
    {
        { IsGenericType: true } when returned.GetGenericTypeDefinition() is var open
            && (open == typeof(Task<>) || open == typeof(ValueTask<>) || open == typeof(IAsyncEnumerable<>)) =>
            returned.GenericTypeArguments[0],
        _ when returned == typeof(Task) || returned == typeof(ValueTask) => typeof(void),
        _ => returned,
    };

    private static void Walk(Type type, string path, HashSet<Type> seen, List<string> mutable)
    {
        if (type.IsPrimitive || type.IsEnum || Leaves.Contains(type) || !seen.Add(type))
        {
            return;
        }

        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            Walk(underlying, path, seen, mutable);
            return;
        }

        if (type.Namespace == typeof(ImmutableArray<>).Namespace)
        {
            foreach (Type argument in type.GenericTypeArguments)
            {
                Walk(argument, $"{path}<{argument.Name}>", seen, mutable);
            }

            return;
        }

        if (type.Assembly != Product)
        {
            mutable.Add($"{path}: {type} is neither ours nor known to be immutable");
            return;
        }

        WalkMembers(type, path, seen, mutable);
    }

    private static void WalkMembers(Type type, string path, HashSet<Type> seen, List<string> mutable)
    {
        const BindingFlags all = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (Type argument in type.GenericTypeArguments)
        {
            Walk(argument, $"{path}<{argument.Name}>", seen, mutable);
        }

        foreach (PropertyInfo property in type.GetProperties(all).Where(property => property.SetMethod is not null))
        {
            bool initOnly = property.SetMethod?.ReturnParameter.GetRequiredCustomModifiers()
                .Contains(typeof(IsExternalInit)) ?? false;
            if (!initOnly)
            {
                mutable.Add($"{path}: {type.Name}.{property.Name} can be set");
            }
        }

        foreach (FieldInfo field in type.GetFields(all))
        {
            bool backing = field.IsDefined(typeof(CompilerGeneratedAttribute));
            if (!field.IsInitOnly && !backing)
            {
                mutable.Add($"{path}: {type.Name}.{field.Name} can be assigned");
            }

            Walk(field.FieldType, $"{path}.{field.Name}", seen, mutable);
        }

        foreach (Type derived in Product.GetTypes().Where(derived => derived.BaseType == type))
        {
            Walk(derived, $"{path}:{derived.Name}", seen, mutable);
        }
    }
}

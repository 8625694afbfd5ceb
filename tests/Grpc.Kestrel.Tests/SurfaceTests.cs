using System.Reflection;
using System.Text;
using Grpc.Core;

namespace Grpc.Kestrel.Tests;

/// <summary>
/// The public names are those of the published packages and no others, so that code built against this project also
/// builds against them. A change of the golden file is a change of that promise.
/// </summary>
public class SurfaceTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance
        | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // Made of the contracts under protos/grpc, which say all there is to say about them.
    private static readonly string?[] Generated =
        ["Grpc.Health.V1", "Grpc.Reflection.V1", "Grpc.Reflection.V1Alpha"];

    private static readonly NullabilityInfoContext Nullability = new();

    [Fact]
    public void The_public_surface_is_the_one_in_the_golden_file()
    {
        string actual = Print(typeof(Metadata).Assembly);
        string expected = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "surface.txt"));

        // The actual surface is kept beside the tests, to be compared with the golden file by any diff tool.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, "surface.actual.txt"), actual);
        Assert.Equal(expected.Split('\n'), actual.Split('\n'));
    }

    private static string Print(Assembly assembly)
    {
        StringBuilder text = new();
        foreach (Type type in assembly.GetExportedTypes().Where(type => !Generated.Contains(type.Namespace))
            .OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(type.Namespace).Append(' ').Append(Kind(type)).Append(' ').Append(Name(type)).Append('\n');
            foreach (string member in type.GetMembers(Declared).Where(member => IsVisible(member, type))
                .Select(Member).OfType<string>().Order(StringComparer.Ordinal))
            {
                text.Append("    ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        _ when typeof(Delegate).IsAssignableFrom(type) => "delegate",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static bool IsVisible(MemberInfo member, Type type) => member switch
    {
        // A delegate is its Invoke; the rest the compiler makes alike for all of them.
        MethodBase method when typeof(Delegate).IsAssignableFrom(type) => method.Name == "Invoke",
        MethodBase { IsSpecialName: true } method when method is MethodInfo => false,
        MethodBase method => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly,
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(a => a.IsPublic || a.IsFamily),
        FieldInfo { IsSpecialName: false } field => field.IsPublic || field.IsFamily,
        _ => false,
    };

    private static string? Member(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: true } => null,
        ConstructorInfo ctor => $"{Access(ctor)}.ctor({Parameters(ctor)})",
        MethodInfo method => $"{Access(method)}{Modifier(method)}{Annotated(method.ReturnParameter)} "
            + $"{Name(method)}({Parameters(method)})",
        PropertyInfo property => Property(property),
        FieldInfo field when field.DeclaringType is { IsEnum: true } => $"{field.Name} = {field.GetRawConstantValue()}",
        FieldInfo field => $"{(field.IsLiteral ? "const " : "static readonly ")}{Name(field.FieldType)} {field.Name}",
        _ => null,
    };

    private static string Property(PropertyInfo property)
    {
        MethodInfo accessor = property.GetMethod ?? throw new InvalidOperationException($"{property} is write-only.");
        string set = property.SetMethod is { IsPrivate: false, IsAssembly: false } ? " set;" : "";
        string nullable = Nullability.Create(property).ReadState == NullabilityState.Nullable ? "?" : "";
        string index = property.GetIndexParameters().Length > 0 ? "[int]" : "";
        string type = Name(property.PropertyType) + Mark(property.PropertyType, nullable);
        return $"{Access(accessor)}{Modifier(accessor)}{type} {property.Name}{index} {{ get;{set} }}";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifier(MethodInfo method) => method switch
    {
        { DeclaringType.IsInterface: true } => "",
        { IsStatic: true } => "static ",
        { IsAbstract: true } => "abstract ",
        { IsFinal: true } => "",
        { IsVirtual: true } => method.GetBaseDefinition() == method ? "virtual " : "override ",
        _ => "",
    };

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(
        parameter => (parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "")
            + Annotated(parameter) + " " + parameter.Name + (parameter.HasDefaultValue ? " = " : "")
            + (parameter.HasDefaultValue ? parameter.DefaultValue ?? "default" : "")));

    private static string Annotated(ParameterInfo parameter)
    {
        string nullable = Nullability.Create(parameter).ReadState == NullabilityState.Nullable ? "?" : "";
        return Name(parameter.ParameterType) + Mark(parameter.ParameterType, nullable);
    }

    // A nullable struct has its mark in its name already; whether a type argument may be null is not the method's say.
    private static string Mark(Type type, string nullable) =>
        type.IsValueType || type.IsGenericParameter ? "" : nullable;

    private static string Name(MethodInfo method) => method.IsGenericMethod
        ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Constrained))}>"
        : method.Name;

    private static string Constrained(Type argument)
    {
        bool isClass = (argument.GenericParameterAttributes & GenericParameterAttributes.ReferenceTypeConstraint) != 0;
        IEnumerable<string> constraints = argument.GetGenericParameterConstraints().Select(c => c.Name)
            .Prepend(isClass ? "class" : "").Where(constraint => constraint.Length > 0);
        string all = string.Join("+", constraints);
        string variance = (argument.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
        {
            GenericParameterAttributes.Covariant => "out ",
            GenericParameterAttributes.Contravariant => "in ",
            _ => "",
        };
        return variance + argument.Name + (all.Length > 0 ? ":" + all : "");
    }

    private static string Name(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is Type inner)
        {
            return Name(inner) + "?";
        }

        if (type.IsGenericParameter)
        {
            return type.Name;
        }

        string name = type.Name.Split('`')[0];
        string outer = type.DeclaringType is Type declaring ? Name(declaring).Split('<')[0] + "." : "";
        Type[] arguments = type.GetGenericArguments();
        string list = arguments.Length == 0 || !type.Name.Contains('`', StringComparison.Ordinal) ? "" :
            $"<{string.Join(", ", arguments.Select(a => type.IsGenericTypeDefinition ? Constrained(a) : Name(a)))}>";
        return outer + name + list;
    }
}

using System.Reflection;
using System.Reflection.Emit;
using Orleans.Concurrency;

namespace Orleans.Runtime;

/// <summary>Emits the request class of a method: a field per argument, and the call itself.</summary>
internal static class RequestEmitter
{
    private const string DescriptorField = "Descriptor";

    private const MethodAttributes Override = MethodAttributes.Virtual | MethodAttributes.HideBySig;

    /// <summary>The field that holds an argument.</summary>
    internal static FieldInfo ArgumentField(Type request, int index) => request.GetField($"Argument{index}")
        ?? throw new MissingFieldException(request.FullName, $"Argument{index}");

    internal static Type Emit(ModuleBuilder module, string name, MethodInfo method, GrainMethodShape shape)
    {
        TypeBuilder type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Sealed, shape.RequestType);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        FieldBuilder descriptor = type.DefineField(
            DescriptorField,
            typeof(GrainMethod),
            FieldAttributes.Public | FieldAttributes.Static);
        FieldBuilder[] arguments =
        [
            .. method.GetParameters().Take(shape.ArgumentCount)
                .Select((p, i) => type.DefineField($"Argument{i}", p.ParameterType, FieldAttributes.Public)),
        ];

        EmitMethodProperty(type, shape, descriptor);
        EmitGetArgument(type, shape, arguments);
        EmitCall(type, method, shape, arguments);

        Type made = type.CreateType();
        made.GetField(DescriptorField)?.SetValue(null, Describe(method, shape));
        return made;
    }

    private static GrainMethod Describe(MethodInfo method, GrainMethodShape shape)
    {
        CallKinds kinds = method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? CallKinds.Interleaves : CallKinds.None;
        kinds |= method.IsDefined(typeof(ReadOnlyAttribute)) ? CallKinds.ReadOnly : CallKinds.None;
        kinds |= method.IsDefined(typeof(OneWayAttribute)) ? CallKinds.OneWay : CallKinds.None;
        string declaring = method.DeclaringType?.FullName?.Replace('+', '.') ?? string.Empty;
        return new GrainMethod(declaring, method.Name, shape.ArgumentCount, kinds);
    }

    private static void EmitMethodProperty(TypeBuilder type, GrainMethodShape shape, FieldInfo descriptor)
    {
        MethodInfo declared = GrainMethodShape.Internal(shape.RequestType, $"get_{nameof(Request.Method)}");
        ILGenerator il = Overriding(type, declared, typeof(GrainMethod), []);
        il.Emit(OpCodes.Ldsfld, descriptor);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitGetArgument(TypeBuilder type, GrainMethodShape shape, FieldBuilder[] arguments)
    {
        MethodInfo declared = GrainMethodShape.Internal(shape.RequestType, nameof(Request.GetArgument));
        ILGenerator il = Overriding(type, declared, typeof(object), [typeof(int)]);
        Label[] cases = [.. arguments.Select(_ => il.DefineLabel())];
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Switch, cases);
        il.Emit(OpCodes.Ldstr, "index");
        il.Emit(OpCodes.Newobj, typeof(ArgumentOutOfRangeException).GetConstructor([typeof(string)])
            ?? throw new MissingMethodException(nameof(ArgumentOutOfRangeException), ".ctor"));
        il.Emit(OpCodes.Throw);
        for (int i = 0; i < cases.Length; i++)
        {
            il.MarkLabel(cases[i]);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, arguments[i]);
            if (arguments[i].FieldType.IsValueType)
            {
                il.Emit(OpCodes.Box, arguments[i].FieldType);
            }

            il.Emit(OpCodes.Ret);
        }
    }

    private static void EmitCall(TypeBuilder type, MethodInfo method, GrainMethodShape shape, FieldBuilder[] arguments)
    {
        MethodInfo declared = GrainMethodShape.Internal(shape.RequestType, "Call");
        Type[] parameters = shape.IsStream ? [typeof(object), typeof(CancellationToken)] : [typeof(object)];
        ILGenerator il = Overriding(type, declared, declared.ReturnType, parameters);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType
            ?? throw new InvalidOperationException($"{method} is of no interface"));
        foreach (FieldBuilder argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, argument);
        }

        if (shape.HasToken && shape.IsStream)
        {
            il.Emit(OpCodes.Ldarg_2);
        }
        else if (shape.HasToken)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Call, GrainMethodShape.Internal(typeof(Request), "get_CalleeToken"));
        }

        il.Emit(OpCodes.Callvirt, method);
        if (!shape.IsStream && !shape.IsValueTask)
        {
            il.Emit(OpCodes.Newobj, shape.ValueTaskOfTask(declared.ReturnType));
        }

        il.Emit(OpCodes.Ret);
    }

    private static ILGenerator Overriding(TypeBuilder type, MethodInfo declared, Type returns, Type[] parameters)
    {
        MethodAttributes access = declared.Attributes & MethodAttributes.MemberAccessMask;
        MethodBuilder body = type.DefineMethod(declared.Name, access | Override, returns, parameters);
        type.DefineMethodOverride(body, declared);
        return body.GetILGenerator();
    }
}

using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace Orleans.Runtime;

/// <summary>
/// Emits, once per process and interface, the class of its references: every method makes its request object, fills in
/// the arguments and sends it. Nothing is looked up per call.
/// </summary>
internal static class ReferenceEmitter
{
    private static readonly ConcurrentDictionary<Type, MakeReference> Makers = new();
    private static readonly Dictionary<Assembly, ModuleBuilder> Modules = [];
    private static readonly Lock Gate = new();

    private static readonly Type[] ConstructorTypes = [typeof(GrainHost), typeof(GrainClass), typeof(GrainId)];

    /// <summary>Makes a reference.</summary>
    internal delegate GrainReference MakeReference(GrainHost host, GrainClass? grainClass, GrainId grainId);

    /// <summary>The maker of references of an interface.</summary>
    /// <exception cref="NotSupportedException">The interface has a member that no grain can have.</exception>
    internal static MakeReference MakerOf(Type grainInterface)
    {
        if (Makers.TryGetValue(grainInterface, out MakeReference? known))
        {
            return known;
        }

        lock (Gate)
        {
            if (!Makers.TryGetValue(grainInterface, out MakeReference? made))
            {
                made = Emit(grainInterface);
                Makers[grainInterface] = made;
            }

            return made;
        }
    }

    private static MakeReference Emit(Type grainInterface)
    {
        GrainMethods.Check(grainInterface);
        ModuleBuilder module = ModuleFor(grainInterface.Assembly);
        string prefix = $"{grainInterface.FullName}.";
        TypeBuilder type = module.DefineType(
            prefix + "Reference",
            TypeAttributes.Public | TypeAttributes.Sealed,
            typeof(GrainReference),
            [grainInterface]);

        EmitConstructor(type);
        MethodInfo[] methods = GrainMethods.Of(grainInterface);
        for (int i = 0; i < methods.Length; i++)
        {
            GrainMethodShape shape = GrainMethodShape.Of(methods[i]);
            Type request = RequestEmitter.Emit(module, $"{prefix}{methods[i].Name}.{i}", methods[i], shape);
            EmitMethod(type, methods[i], shape, request);
        }

        ConstructorInfo constructor = type.CreateType().GetConstructor(ConstructorTypes)
            ?? throw new InvalidOperationException($"the reference of {grainInterface} has no constructor");
        return MakerOf(constructor);
    }

    private static MakeReference MakerOf(ConstructorInfo constructor)
    {
        DynamicMethod make = new(
            "Make",
            typeof(GrainReference),
            ConstructorTypes,
            typeof(ReferenceEmitter).Module,
            skipVisibility: true);
        ILGenerator il = make.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return make.CreateDelegate<MakeReference>();
    }

    private static void EmitConstructor(TypeBuilder type)
    {
        ConstructorInfo parent = typeof(GrainReference).GetConstructor(
            BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic,
            ConstructorTypes)
            ?? throw new InvalidOperationException("GrainReference has no constructor");
        ILGenerator il = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, ConstructorTypes)
            .GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, parent);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder type, MethodInfo method, GrainMethodShape shape, Type request)
    {
        Type[] parameters = [.. method.GetParameters().Select(p => p.ParameterType)];
        MethodBuilder body = type.DefineMethod(
            $"{method.DeclaringType?.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig
                | MethodAttributes.NewSlot,
            method.ReturnType,
            parameters);
        ILGenerator il = body.GetILGenerator();

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, request.GetConstructor(Type.EmptyTypes)
            ?? throw new InvalidOperationException($"{request} has no constructor"));
        for (int i = 0; i < shape.ArgumentCount; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            il.Emit(OpCodes.Stfld, RequestEmitter.ArgumentField(request, i));
        }

        if (shape.HasToken && !shape.IsStream)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, shape.ArgumentCount + 1);
            il.Emit(OpCodes.Call, GrainMethodShape.Internal(typeof(Request), nameof(Request.Cancellable)));
        }

        EmitSend(il, method, shape);
        type.DefineMethodOverride(body, method);
    }

    /// <summary>
    /// With the reference and the request on the stack: sends, and turns the answer into the return type.
    /// </summary>
    private static void EmitSend(ILGenerator il, MethodInfo method, GrainMethodShape shape)
    {
        if (shape.IsStream)
        {
            if (shape.HasToken)
            {
                il.Emit(OpCodes.Ldarg, shape.ArgumentCount + 1);
            }
            else
            {
                LocalBuilder none = il.DeclareLocal(typeof(CancellationToken));
                il.Emit(OpCodes.Ldloca, none);
                il.Emit(OpCodes.Initobj, typeof(CancellationToken));
                il.Emit(OpCodes.Ldloc, none);
            }
        }

        il.Emit(OpCodes.Call, shape.SendMethod(method.IsDefined(typeof(Concurrency.OneWayAttribute))));
        if (shape.IsValueTask)
        {
            il.Emit(OpCodes.Newobj, shape.ValueTaskOfTask(method.ReturnType));
        }

        il.Emit(OpCodes.Ret);
    }

    private static ModuleBuilder ModuleFor(Assembly assembly)
    {
        if (Modules.TryGetValue(assembly, out ModuleBuilder? known))
        {
            return known;
        }

        string name = $"Orleans.InProcess.Emitted.{assembly.GetName().Name}";
        var builder = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName(name), AssemblyBuilderAccess.Run);
        ConstructorInfo allow = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])
            ?? throw new InvalidOperationException("the access attribute has no constructor");
        foreach (Assembly friend in new[] { typeof(GrainReference).Assembly, assembly }.Distinct())
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(allow, [friend.GetName().Name]));
        }

        return Modules[assembly] = builder.DefineDynamicModule(name);
    }
}

namespace System.Runtime.CompilerServices;

/// <summary>
/// Known to the runtime by its name: code of the assembly that carries it may use the internals of the named one.
/// Emitted references carry it, so that grain interfaces and their arguments may be internal.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}

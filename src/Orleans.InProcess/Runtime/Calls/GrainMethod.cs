namespace Orleans.Runtime;

/// <summary>What is known of a method of a grain interface.</summary>
internal sealed record GrainMethod(string InterfaceName, string MethodName, int ArgumentCount, CallKinds Kinds)
{
    /// <summary>The name of its spans.</summary>
    internal string TraceName => field ??= $"{InterfaceName[(InterfaceName.LastIndexOf('.') + 1)..]}/{MethodName}";

    public override string ToString() => $"{InterfaceName}.{MethodName}";
}

/// <summary>How calls of a method take turns and end.</summary>
[Flags]
internal enum CallKinds : byte
{
    None = 0,

    /// <summary>May start between the turns of anything.</summary>
    Interleaves = 1,

    /// <summary>May start between the turns of its like.</summary>
    ReadOnly = 2,

    /// <summary>Nobody waits for it.</summary>
    OneWay = 4,

    /// <summary>Has no deadline: the elements of a stream may be hours apart, a timer's caller is the timer.</summary>
    Unlimited = 8,

    /// <summary>Does not keep the activation from being dropped: the wait for the next element of a stream.</summary>
    Abandonable = 16,

    /// <summary>Does not count as use: a timer without KeepAlive.</summary>
    Unnoticed = 32,
}

using System.Reflection;

namespace Orleans.Runtime;

/// <summary>Settings of the in-process host.</summary>
internal sealed class InProcessOptions
{
    /// <summary>
    /// Where to look for grain classes. With no assembly and no class given: the program and what it references.
    /// </summary>
    internal List<Assembly> GrainAssemblies { get; } = [];

    /// <summary>Single grain classes, beside those of the assemblies.</summary>
    internal List<Type> GrainClasses { get; } = [];

    /// <summary>All work and all time; a simulation replaces it.</summary>
    internal IWorkScheduler Scheduler { get; set; } = new PoolScheduler();

    /// <summary>After how long a caller gives a call up.</summary>
    internal TimeSpan ResponseTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long loading state and OnActivateAsync may take.</summary>
    internal TimeSpan ActivationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long OnDeactivateAsync may take.</summary>
    internal TimeSpan DeactivationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all grains together may take when the host stops.</summary>
    internal TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// After how long a call that does not end is left behind with its activation, for others to go on.
    /// </summary>
    internal TimeSpan RunningCallMax { get; set; } = TimeSpan.FromHours(2);

    /// <summary>After how long without a call an activation is collected.</summary>
    internal TimeSpan IdleAfter { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Above this number of activations the ones not used for the longest time are collected.</summary>
    internal int ActivationsMax { get; set; } = 20_000;

    /// <summary>
    /// How many calls may wait for one activation; calls that interleave count while they run. One more is refused with
    /// a <see cref="LimitExceededException"/>.
    /// </summary>
    internal int WaitingCallsMax { get; set; } = 1_000;

    /// <summary>Faults to inject; none by default.</summary>
    internal ChaosOptions Chaos { get; } = new();
}

namespace Orleans
{
    /// <summary>
    /// Names the kind of a grain class. Required: the name is half of the storage key, so that renaming the class loses
    /// no data.
    /// </summary>
    [AttributeUsage(AttributeTargets.Class, Inherited = false)]
    public sealed class GrainTypeAttribute : Attribute
    {
        /// <summary>Names the kind.</summary>
        /// <param name="grainType">The name; not empty and without a slash.</param>
        public GrainTypeAttribute(string grainType)
        {
            GrainType = Orleans.Runtime.GrainType.Create(grainType);
        }

        /// <summary>The name as the first half of a grain id.</summary>
        /// <param name="services">Not used.</param>
        /// <param name="type">Not used.</param>
        /// <returns>The type of every grain of the class.</returns>
        public Orleans.Runtime.GrainType GetGrainType(IServiceProvider services, Type type) => GrainType;

        internal Orleans.Runtime.GrainType GrainType { get; }
    }

    /// <summary>Names a type or method on the wire of a clustered host. In one process it has no effect.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface
        | AttributeTargets.Method | AttributeTargets.Enum)]
    public sealed class AliasAttribute : Attribute
    {
        /// <summary>Gives the name.</summary>
        /// <param name="alias">The name.</param>
        public AliasAttribute(string alias)
        {
            Alias = alias;
        }

        /// <summary>The name.</summary>
        public string Alias { get; }
    }

    /// <summary>Asks a clustered host for a generated serialiser. In one process it has no effect.</summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
    public sealed class GenerateSerializerAttribute : Attribute;

    /// <summary>Numbers a member for a generated serialiser. In one process it has no effect.</summary>
    [AttributeUsage(AttributeTargets.Field | AttributeTargets.Property | AttributeTargets.Class
        | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Parameter)]
    public sealed class IdAttribute : Attribute
    {
        /// <summary>Gives the number.</summary>
        /// <param name="id">The number.</param>
        public IdAttribute(uint id)
        {
            Id = id;
        }

        /// <summary>The number.</summary>
        public uint Id { get; }
    }

    /// <summary>
    /// States that values are never changed, so that no copy is needed. In one process it has no effect.
    /// </summary>
    [AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Parameter
        | AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class ImmutableAttribute : Attribute;
}

namespace Orleans.Concurrency
{
    /// <summary>On a grain class: every call may start while others wait, between their turns.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class ReentrantAttribute : Attribute;

    /// <summary>On an interface method: its calls may start while any other call waits, between its turns.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class AlwaysInterleaveAttribute : Attribute;

    /// <summary>On an interface method: its calls may interleave with each other, not with others.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class ReadOnlyAttribute : Attribute;

    /// <summary>On an interface method: the caller neither waits nor hears of failures.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class OneWayAttribute : Attribute;

    /// <summary>On a grain class: several activations of one grain may exist at once. It keeps no state.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StatelessWorkerAttribute : Attribute
    {
        /// <summary>Allows as many activations as there are processors.</summary>
        public StatelessWorkerAttribute()
        {
            MaxLocalWorkers = Environment.ProcessorCount;
        }

        /// <summary>Allows some activations.</summary>
        /// <param name="maxLocalWorkers">How many at most, at least one.</param>
        public StatelessWorkerAttribute(int maxLocalWorkers)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(maxLocalWorkers, 1);
            MaxLocalWorkers = maxLocalWorkers;
        }

        internal int MaxLocalWorkers { get; }
    }
}

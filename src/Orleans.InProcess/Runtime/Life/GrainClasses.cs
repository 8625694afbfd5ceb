using System.Reflection;

namespace Orleans.Runtime;

/// <summary>The grain classes of a host.</summary>
internal sealed class GrainClasses
{
    private readonly Dictionary<GrainType, GrainClass> byType = [];
    private readonly Dictionary<Type, List<GrainClass>> byInterface = [];

    /// <exception cref="OrleansException">A class lacks its GrainType, or two have the same.</exception>
    internal GrainClasses(InProcessOptions options)
    {
        IEnumerable<Type> types = Assemblies(options).SelectMany(a => a.GetTypes())
            .Where(GrainClass.IsGrainClass)
            .Concat(options.GrainClasses)
            .Append(typeof(ReminderShard));
        foreach (Type type in types.Distinct().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            Add(GrainClass.Of(type));
        }
    }

    internal int Count => byType.Count;

    internal GrainClass? Find(GrainType type) => byType.GetValueOrDefault(type);

    /// <summary>The one class that implements an interface.</summary>
    /// <exception cref="ArgumentException">None does, or several do.</exception>
    internal GrainClass Implementing(Type grainInterface, string? classNamePrefix)
    {
        List<GrainClass> candidates = byInterface.GetValueOrDefault(grainInterface) ?? [];
        if (classNamePrefix is not null)
        {
            candidates = [.. candidates.Where(c => c.ToString().StartsWith(classNamePrefix, StringComparison.Ordinal))];
        }

        string prefix = classNamePrefix is null ? string.Empty : $" and begins with {classNamePrefix}";
        return candidates.Count switch
        {
            1 => candidates[0],
            0 => throw new ArgumentException($"no registered grain class implements {grainInterface}{prefix}"),
            _ => throw new ArgumentException(
                $"{string.Join(", ", candidates)} implement {grainInterface}: give a GrainId, or a prefix"),
        };
    }

    private static List<Assembly> Assemblies(InProcessOptions options) =>
        options.GrainAssemblies.Count > 0 || options.GrainClasses.Count > 0
            ? options.GrainAssemblies
            : Referencing(Assembly.GetEntryAssembly());

    /// <summary>The program and what it references, as far as they know grains.</summary>
    private static List<Assembly> Referencing(Assembly? entry)
    {
        string? own = typeof(GrainClasses).Assembly.GetName().Name;
        List<Assembly> found = [];
        Queue<Assembly> next = new(entry is null ? [] : [entry]);
        while (next.TryDequeue(out Assembly? assembly))
        {
            AssemblyName[] references = assembly.GetReferencedAssemblies();
            if (found.Contains(assembly) || !references.Any(r => r.Name == own))
            {
                continue;
            }

            found.Add(assembly);
            foreach (AssemblyName reference in references.Where(IsOurs))
            {
                next.Enqueue(Assembly.Load(reference));
            }
        }

        return found;
    }

    private static bool IsOurs(AssemblyName name) => name.Name is { } text
        && !text.StartsWith("System.", StringComparison.Ordinal)
        && !text.StartsWith("Microsoft.", StringComparison.Ordinal);

    private void Add(GrainClass grainClass)
    {
        if (!byType.TryAdd(grainClass.GrainType, grainClass))
        {
            throw new OrleansException(
                $"{grainClass} and {byType[grainClass.GrainType]} have the same grain type {grainClass.GrainType}");
        }

        foreach (Type grainInterface in grainClass.Interfaces)
        {
            if (!byInterface.TryGetValue(grainInterface, out List<GrainClass>? classes))
            {
                byInterface[grainInterface] = classes = [];
            }

            classes.Add(grainClass);
        }
    }
}

using System.Collections.Concurrent;

namespace Orleans.Runtime;

/// <summary>Makes references. What is known of an interface is looked up once.</summary>
internal sealed class GrainFactory(GrainHost host) : IClusterClient
{
    private readonly ConcurrentDictionary<Type, ReferenceEmitter.MakeReference> makers = new();
    private readonly ConcurrentDictionary<Type, GrainClass> classes = new();

    public IServiceProvider ServiceProvider => host.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        Type type = typeof(TGrainInterface);
        if (grainClassNamePrefix is not null || !classes.TryGetValue(type, out GrainClass? grainClass))
        {
            grainClass = host.Classes.Implementing(type, grainClassNamePrefix);
            if (grainClassNamePrefix is null)
            {
                classes[type] = grainClass;
            }
        }

        return Make<TGrainInterface>(grainClass, GrainId.Create(grainClass.GrainType, primaryKey));
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        Make<TGrainInterface>(host.Classes.Find(grainId.Type), grainId);

    public IAddressable GetGrain(GrainId grainId) => new GrainReference(host, host.Classes.Find(grainId.Type), grainId);

    private TGrainInterface Make<TGrainInterface>(GrainClass? grainClass, GrainId grainId)
    {
        if (grainId.IsDefault)
        {
            throw new ArgumentException("the default grain id names no grain", nameof(grainId));
        }

        if (!makers.TryGetValue(typeof(TGrainInterface), out ReferenceEmitter.MakeReference? make))
        {
            make = makers.GetOrAdd(typeof(TGrainInterface), ReferenceEmitter.MakerOf);
        }

        return (TGrainInterface)(object)make(host, grainClass, grainId);
    }
}

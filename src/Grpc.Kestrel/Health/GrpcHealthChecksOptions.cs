using System.Collections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>Which health checks of the application speak for which gRPC service.</summary>
public sealed class GrpcHealthChecksOptions
{
    /// <summary>The services that can be asked for. By default the empty name, for which all checks speak.</summary>
    public ServiceMappingCollection Services { get; } = new();

    /// <summary>
    /// True answers from the last periodic run of the checks; false, the default, runs them for each question.
    /// </summary>
    public bool UseHealthChecksCache { get; set; }

    /// <summary>True leaves watching calls open when the server stops, which then waits for them.</summary>
    public bool SuppressCompletionOnShutdown { get; set; }
}

/// <summary>A health check that may or may not speak for a service.</summary>
public sealed class HealthCheckMapContext
{
    /// <summary>Describes a health check.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tags">Its tags.</param>
    public HealthCheckMapContext(string name, IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tags);
        Name = name;
        Tags = tags;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its tags.</summary>
    public IEnumerable<string> Tags { get; }
}

/// <summary>What a health check found.</summary>
public sealed class HealthResult
{
    /// <summary>Describes what a health check found.</summary>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">The check's tags.</param>
    /// <param name="status">Healthy or not.</param>
    /// <param name="description">The state in words; null for none.</param>
    /// <param name="duration">How long the check took.</param>
    /// <param name="exception">What it threw; null for nothing.</param>
    /// <param name="data">Values that belong to the state.</param>
    public HealthResult(
        string name,
        IEnumerable<string> tags,
        HealthStatus status,
        string? description,
        TimeSpan duration,
        Exception? exception,
        IReadOnlyDictionary<string, object> data)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tags);
        ArgumentNullException.ThrowIfNull(data);
        Name = name;
        Tags = tags;
        Status = status;
        Description = description;
        Duration = duration;
        Exception = exception;
        Data = data;
    }

    /// <summary>The check's name.</summary>
    public string Name { get; }

    /// <summary>The check's tags.</summary>
    public IEnumerable<string> Tags { get; }

    /// <summary>Healthy or not.</summary>
    public HealthStatus Status { get; }

    /// <summary>The state in words; null for none.</summary>
    public string? Description { get; }

    /// <summary>Values that belong to the state.</summary>
    public IReadOnlyDictionary<string, object> Data { get; }

    /// <summary>What it threw; null for nothing.</summary>
    public Exception? Exception { get; }

    /// <summary>How long the check took.</summary>
    public TimeSpan Duration { get; }
}

/// <summary>A gRPC service and the health checks that speak for it.</summary>
public sealed class ServiceMapping
{
    /// <summary>Chooses among the results of all checks, which all run.</summary>
    /// <param name="name">Full name of the service; empty for the server as a whole.</param>
    /// <param name="predicate">True for a result that counts.</param>
    public ServiceMapping(string name, Func<HealthResult, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(predicate);
        Name = name;
        Predicate = predicate;
    }

    /// <summary>Chooses the checks that run.</summary>
    /// <param name="name">Full name of the service; empty for the server as a whole.</param>
    /// <param name="predicate">True for a check that counts.</param>
    public ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(predicate);
        Name = name;
        HealthCheckPredicate = predicate;
    }

    /// <summary>Full name of the service; empty for the server as a whole.</summary>
    public string Name { get; }

    /// <summary>Chooses the checks that run; null when <see cref="Predicate"/> chooses among results.</summary>
    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; }

    /// <summary>Chooses among results; null when <see cref="HealthCheckPredicate"/> chooses checks.</summary>
    public Func<HealthResult, bool>? Predicate { get; }
}

/// <summary>The services that can be asked for, each name once.</summary>
public sealed class ServiceMappingCollection : ICollection<ServiceMapping>
{
    private readonly List<ServiceMapping> mappings = [];

    /// <summary>Makes an empty collection.</summary>
    public ServiceMappingCollection()
    {
    }

    /// <inheritdoc/>
    public int Count => mappings.Count;

    bool ICollection<ServiceMapping>.IsReadOnly => false;

    /// <inheritdoc/>
    public void Clear() => mappings.Clear();

    /// <summary>Removes a service, if it is there.</summary>
    /// <param name="name">Full name of the service.</param>
    public void Remove(string name) => mappings.RemoveAll(mapping => mapping.Name == name);

    /// <summary>Adds a service.</summary>
    /// <param name="service">The service with its checks.</param>
    /// <exception cref="ArgumentException">The name is there already.</exception>
    public void Add(ServiceMapping service)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (Find(service.Name) is not null)
        {
            throw new ArgumentException($"The service '{service.Name}' is mapped already.", nameof(service));
        }

        mappings.Add(service);
    }

    /// <summary>Maps a service to results of checks, replacing an earlier mapping. All checks run.</summary>
    /// <param name="name">Full name of the service; empty for the server as a whole.</param>
    /// <param name="predicate">True for a result that counts.</param>
    public void MapService(string name, Func<HealthResult, bool> predicate)
    {
        Remove(name);
        Add(new ServiceMapping(name, predicate));
    }

    /// <summary>Maps a service to checks, replacing an earlier mapping. Only these checks run.</summary>
    /// <param name="name">Full name of the service; empty for the server as a whole.</param>
    /// <param name="predicate">True for a check that counts.</param>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        Remove(name);
        Add(new ServiceMapping(name, predicate));
    }

    /// <inheritdoc/>
    public IEnumerator<ServiceMapping> GetEnumerator() => mappings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => mappings.GetEnumerator();

    bool ICollection<ServiceMapping>.Contains(ServiceMapping item) => mappings.Contains(item);

    void ICollection<ServiceMapping>.CopyTo(ServiceMapping[] array, int arrayIndex) =>
        mappings.CopyTo(array, arrayIndex);

    bool ICollection<ServiceMapping>.Remove(ServiceMapping item) => mappings.Remove(item);

    internal ServiceMapping? Find(string name) => mappings.Find(mapping => mapping.Name == name);
}

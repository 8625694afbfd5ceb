using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Florist.Server.Gateway;

/// <summary>All RPCs that have a spelling in HTTP and JSON, by path.</summary>
internal sealed class RouteTable
{
    private readonly FrozenDictionary<(int Length, string Verb), ImmutableArray<HttpRoute>> bySize;

    /// <summary>Makes the table of all services.</summary>
    public RouteTable(Contracts contracts)
    {
        Routes =
        [
            .. from service in contracts.Services
               from method in service.Methods
               from route in HttpRoute.Of(method)
               select route,
        ];
        bySize = Routes
            .GroupBy(route => (route.Path.Length, route.Path.Verb))
            .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());
    }

    /// <summary>Every spelling, in the order of the contracts.</summary>
    public ImmutableArray<HttpRoute> Routes { get; }

    /// <summary>Finds what a request means.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path, decoded.</param>
    /// <param name="allowed">The methods that the path has, when it has this one not; otherwise empty.</param>
    /// <returns>Null when the path, or the path with this method, is none of ours.</returns>
    public RouteMatch? Find(string method, string path, out ImmutableArray<string> allowed)
    {
        allowed = [];
        if (!path.StartsWith('/'))
        {
            return null;
        }

        string[] segments = path[1..].Split('/');

        // A colon may be part of an id as well, so the whole path is tried when none of the verbs fits.
        int colon = segments[^1].LastIndexOf(':');
        if (colon >= 0)
        {
            string verb = segments[^1][(colon + 1)..];
            string[] bare = [.. segments[..^1], segments[^1][..colon]];
            if (Find(method, bare, verb, ref allowed) is { } custom)
            {
                return custom;
            }
        }

        return Find(method, segments, "", ref allowed);
    }

    private RouteMatch? Find(string method, string[] segments, string verb, ref ImmutableArray<string> allowed)
    {
        foreach (HttpRoute route in bySize.GetValueOrDefault((segments.Length, verb), []))
        {
            if (route.Path.Match(segments) is not { } captured)
            {
                continue;
            }

            if (route.HttpMethod == method)
            {
                allowed = [];
                return new RouteMatch(route, captured);
            }

            allowed = allowed.Add(route.HttpMethod);
        }

        return null;
    }
}

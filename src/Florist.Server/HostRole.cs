namespace Florist.Server;

/// <summary>What of the product a process runs; setting <c>Cluster:Role</c>.</summary>
internal enum HostRole
{
    /// <summary>Grains and services: the whole product.</summary>
    All,

    /// <summary>Grains, wake-ups and the outbox; of services only the pages of HTTP/1.1.</summary>
    Silo,

    /// <summary>Services alone; their grains live in the silos of the cluster.</summary>
    Gateway,
}

/// <summary>The role of this process.</summary>
internal static class HostRoles
{
    /// <summary>The name of the setting.</summary>
    public const string Setting = "Cluster:Role";

    /// <summary>Reads the role; <see cref="HostRole.All"/> when none is set.</summary>
    /// <exception cref="HostRoleException">The setting names no role.</exception>
    public static HostRole Of(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" => HostRole.All,
        { } text when Enum.TryParse(text, ignoreCase: true, out HostRole role) && Enum.IsDefined(role) => role,
        { } text => throw new HostRoleException($"{Setting} '{text}' is none of all, silo and gateway"),
    };
}

/// <summary>This process cannot have the role that it was given.</summary>
internal sealed class HostRoleException(string message) : Exception(message);

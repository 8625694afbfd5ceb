using Grpc.Core;

namespace Florist.Kernel;

/// <summary>Kinds of principals.</summary>
public enum CallerKind
{
    /// <summary>Nobody: no credentials were given.</summary>
    Anonymous,

    /// <summary>A customer, who reaches only what is theirs.</summary>
    Customer,

    /// <summary>A partner courier, who reaches only its own legs.</summary>
    Courier,

    /// <summary>A person of the shop, by role.</summary>
    Staff,

    /// <summary>Another system of the shop, such as its web front end.</summary>
    Service,
}

/// <summary>Who makes a call, as the edge found out before the service runs.</summary>
/// <param name="Kind">What sort of principal.</param>
/// <param name="Id">Its identifier within the kind: a customer id, a courier id, a login; empty for anonymous.</param>
/// <param name="Roles">A staff member's roles; none for others.</param>
public sealed record Caller(CallerKind Kind, string Id, StaffRoles Roles = StaffRoles.None)
{
    private static readonly object Key = new();

    /// <summary>No credentials.</summary>
    public static readonly Caller Anonymous = new(CallerKind.Anonymous, "");

    /// <summary>The access key that the call came with; null for another credential.</summary>
    public string? KeyId { get; init; }

    /// <summary>When the credential ends, by the machine's clock; null for never, or when it does not matter.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Kind and id as one string, as <c>customer:7q2x</c>: the subject of its token.</summary>
    public string Principal =>
        Id.Length == 0 ? Kind.ToString().ToLowerInvariant() : $"{Kind.ToString().ToLowerInvariant()}:{Id}";

    /// <summary>True for staff and for the shop's own systems.</summary>
    public bool IsInternal => Kind is CallerKind.Staff or CallerKind.Service;

    /// <summary>True when the caller may see and change what belongs to this customer.</summary>
    public bool Reaches(string customerId) => IsInternal || (Kind == CallerKind.Customer && Id == customerId);

    /// <summary>The caller of a call; <see cref="Anonymous"/> when the edge put none there.</summary>
    public static Caller Of(ServerCallContext context) =>
        context.UserState.TryGetValue(Key, out object? caller) && caller is Caller known ? known : Anonymous;

    /// <summary>Tells the services who calls; done once a call, by the edge.</summary>
    public static void Set(ServerCallContext context, Caller caller) => context.UserState[Key] = caller;
}

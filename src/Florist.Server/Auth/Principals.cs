using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Florist.Kernel;

namespace Florist.Server.Auth;

/// <summary>Callers as texts: the subjects of tokens, and what the command line says.</summary>
internal static class Principals
{
    private const int IdLengthMax = 128;

    private static readonly FrozenDictionary<string, StaffRoles> Roles = Enum.GetValues<StaffRoles>()
        .Where(role => role is not (StaffRoles.None or StaffRoles.All))
        .ToFrozenDictionary(role => role.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>The names of all roles.</summary>
    public static IEnumerable<string> RoleNames => Roles.Keys.Order(StringComparer.Ordinal);

    /// <summary>The role of a name; null when there is none.</summary>
    public static StaffRoles? Role(string name) => Roles.TryGetValue(name, out StaffRoles role) ? role : null;

    /// <summary>The names of the roles in a set, in order, separated by commas.</summary>
    public static string NamesOf(StaffRoles roles) =>
        string.Join(',', RoleNames.Where(name => roles.HasFlag(Roles[name])));

    /// <summary>
    /// Reads <c>staff</c>, <c>staff:LOGIN</c>, <c>customer:ID</c>, <c>courier:ID</c> or <c>service:NAME</c>; staff have
    /// no roles by that.
    /// </summary>
    public static bool TryParse(string principal, [NotNullWhen(true)] out Caller? caller)
    {
        int colon = principal.IndexOf(':', StringComparison.Ordinal);
        string id = colon < 0 ? "" : principal[(colon + 1)..];
        CallerKind? kind = (colon < 0 ? principal : principal[..colon]) switch
        {
            "staff" => CallerKind.Staff,
            "customer" when id.Length > 0 => CallerKind.Customer,
            "courier" when id.Length > 0 => CallerKind.Courier,
            "service" when id.Length > 0 => CallerKind.Service,
            _ => null,
        };
        caller = kind is { } known && IsId(id) ? new Caller(known, id) : null;
        return caller is not null;
    }

    /// <summary>
    /// Reads what <see cref="TryParse"/> does, and staff with roles: <c>staff:ROLE,ROLE</c> or
    /// <c>staff:LOGIN:ROLE,ROLE</c>.
    /// </summary>
    public static bool TryParseWithRoles(string text, [NotNullWhen(true)] out Caller? caller)
    {
        if (TryParse(text, out caller) && (caller.Kind != CallerKind.Staff || Role(caller.Id) is null))
        {
            return true;
        }

        caller = text.Split(':') switch
        {
            ["staff", var names] when RolesOf(names) is { } roles => new Caller(CallerKind.Staff, "", roles),
            ["staff", var login, var names] when RolesOf(names) is { } roles && login.Length > 0 && IsId(login) =>
                new Caller(CallerKind.Staff, login, roles),
            _ => null,
        };
        return caller is not null;
    }

    /// <summary>Whether a text may be the identifier of a caller.</summary>
    public static bool IsId(string id) =>
        id.Length <= IdLengthMax && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static StaffRoles? RolesOf(string names)
    {
        StaffRoles all = StaffRoles.None;
        foreach (string name in names.Split(','))
        {
            if (Role(name) is not { } role)
            {
                return null;
            }

            all |= role;
        }

        return all;
    }
}

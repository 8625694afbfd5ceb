using System.Security.Claims;
using System.Text.Json;
using Florist.Kernel;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Florist.Server.Auth;

/// <summary>Reads out of a token that was found valid who calls.</summary>
internal static class TokenClaims
{
    /// <summary>The claim of roles in tokens that this program signs.</summary>
    public const string Role = "role";

    /// <summary>The caller of a token that this program signed: its subject is a principal as a whole.</summary>
    public static Caller? OfOwn(JsonWebToken token)
    {
        if (!Principals.TryParse(token.Subject ?? "", out Caller? named) || named.Kind != CallerKind.Staff)
        {
            return named;
        }

        return named with
        {
            Roles = Known(token.Claims.Where(claim => claim.Type == Role).Select(claim => claim.Value), []),
        };
    }

    /// <summary>
    /// The caller of a token of the authority, by the claims that the settings name; null when it names none.
    /// </summary>
    public static Caller? OfAuthority(JsonWebToken token, ClaimsOptions options)
    {
        string? id = Texts(token, options.Id).FirstOrDefault();
        StaffRoles roles = Known(Texts(token, options.Roles), options.RoleNames);
        CallerKind? kind = Texts(token, options.Kind).FirstOrDefault() switch
        {
            "customer" => CallerKind.Customer,
            "courier" => CallerKind.Courier,
            "service" => CallerKind.Service,
            "staff" => CallerKind.Staff,
            null => options.KindDefault ?? (roles == StaffRoles.None ? null : CallerKind.Staff),
            _ => null,
        };
        return kind is { } known and not CallerKind.Anonymous && id is { Length: > 0 } && Principals.IsId(id)
            ? new Caller(known, id, known == CallerKind.Staff ? roles : StaffRoles.None)
            : null;
    }

    // A role that this version does not know gives nothing, and takes nothing from those that it knows.
    private static StaffRoles Known(IEnumerable<string> names, Dictionary<string, string> ours) => names.Aggregate(
        StaffRoles.None,
        (held, name) => held | (Principals.Role(ours.GetValueOrDefault(name, name)) ?? StaffRoles.None));

    // The texts of a claim; where no claim has the whole name, dots lead into objects.
    private static IEnumerable<string> Texts(JsonWebToken token, string path)
    {
        IEnumerable<Claim> whole = token.Claims.Where(claim => claim.Type == path);
        if (whole.Any() || !path.Contains('.', StringComparison.Ordinal))
        {
            return whole.Select(claim => claim.Value);
        }

        string[] steps = path.Split('.');
        return token.TryGetPayloadValue(steps[0], out JsonElement element)
            ? Within(element, steps.AsSpan(1))
            : [];
    }

    private static IEnumerable<string> Within(JsonElement element, ReadOnlySpan<string> steps)
    {
        foreach (string step in steps)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(step, out element))
            {
                return [];
            }
        }

        return element.ValueKind switch
        {
            JsonValueKind.String => [element.GetString() ?? ""],
            JsonValueKind.Array => [.. element.EnumerateArray()
                .Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString() ?? "")],
            _ => [],
        };
    }
}

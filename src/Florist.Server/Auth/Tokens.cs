using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text;
using Florist.Kernel;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Florist.Server.Auth;

/// <summary>
/// Makes and checks bearer tokens (JWT, HMAC-SHA256). The subject is a principal such as <c>customer:7q2x</c>.
/// </summary>
internal sealed class Tokens(IOptions<AuthOptions> options)
{
    private const string RoleClaim = "role";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private const int KnownTokensMax = 20_000;

    private readonly KnownTokens known = new(KnownTokensMax);
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly SymmetricSecurityKey key = new(Encoding.UTF8.GetBytes(options.Value.SigningKey));

    /// <summary>A token for a caller.</summary>
    public string Make(Caller caller, TimeSpan lifetime)
    {
        // Tokens live by the machine's clock, never by the product's, which a sandbox may have turned.
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        List<Claim> claims = [new(JwtRegisteredClaimNames.Sub, caller.Principal)];
        if (caller.Roles != StaffRoles.None)
        {
            claims.AddRange(Principals.NamesOf(caller.Roles).Split(',').Select(role => new Claim(RoleClaim, role)));
        }

        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The caller of a token that was read a moment ago; null when it has to be read.</summary>
    public Caller? Known(ReadOnlySpan<char> token) => known.Find(token, TimeProvider.System.GetUtcNow());

    /// <summary>The caller that a token names; null when the token is not valid.</summary>
    public async Task<Caller?> Read(string token)
    {
        TokenValidationResult result = await handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = options.Value.Issuer,
            ValidAudience = options.Value.Audience,
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
        });
        if (!result.IsValid || !TryParse(result.ClaimsIdentity, out Caller? caller))
        {
            return null;
        }

        known.Add(token, caller, new DateTimeOffset(result.SecurityToken.ValidTo, TimeSpan.Zero) + ClockSkew);
        return caller;
    }

    /// <summary>
    /// Reads a caller to make a token for, as <see cref="Principals.TryParseWithRoles"/> does; staff of whom no roles
    /// are said have all of them.
    /// </summary>
    public static bool TryParsePrincipal(string principal, [NotNullWhen(true)] out Caller? caller)
    {
        bool isRead = Principals.TryParseWithRoles(principal, out caller);
        if (caller is { Kind: CallerKind.Staff, Roles: StaffRoles.None })
        {
            caller = caller with { Roles = StaffRoles.All };
        }

        return isRead;
    }

    private static bool TryParse(ClaimsIdentity identity, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (identity.FindFirst(JwtRegisteredClaimNames.Sub)?.Value is not { } subject
            || !Principals.TryParse(subject, out Caller? named))
        {
            return false;
        }

        caller = named.Kind == CallerKind.Staff ? named with { Roles = RolesOf(identity) } : named;
        return true;
    }

    // A role that this version does not know gives nothing, and takes nothing from those that it knows.
    private static StaffRoles RolesOf(ClaimsIdentity identity) => identity.FindAll(RoleClaim)
        .Aggregate(StaffRoles.None, (held, claim) => held | (Principals.Role(claim.Value) ?? StaffRoles.None));
}

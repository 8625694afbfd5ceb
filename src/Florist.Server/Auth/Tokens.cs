using System.Collections.Immutable;
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
        claims.AddRange(caller.Roles.Select(role => new Claim(RoleClaim, role)));
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
    /// Reads <c>staff</c>, <c>staff:anna</c>, <c>customer:ID</c>, <c>courier:ID</c> or <c>service:NAME</c>.
    /// </summary>
    public static bool TryParsePrincipal(string principal, [NotNullWhen(true)] out Caller? caller)
    {
        int colon = principal.IndexOf(':', StringComparison.Ordinal);
        string kindName = colon < 0 ? principal : principal[..colon];
        string id = colon < 0 ? "" : principal[(colon + 1)..];
        CallerKind? kind = kindName switch
        {
            "staff" => CallerKind.Staff,
            "customer" when id.Length > 0 => CallerKind.Customer,
            "courier" when id.Length > 0 => CallerKind.Courier,
            "service" when id.Length > 0 => CallerKind.Service,
            _ => null,
        };
        bool plain = id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        caller = kind is { } known && plain ? new Caller(known, id, []) : null;
        return caller is not null;
    }

    private static bool TryParse(ClaimsIdentity identity, [NotNullWhen(true)] out Caller? caller)
    {
        caller = null;
        if (identity.FindFirst(JwtRegisteredClaimNames.Sub)?.Value is not { } subject
            || !TryParsePrincipal(subject, out Caller? named))
        {
            return false;
        }

        caller = named with { Roles = [.. identity.FindAll(RoleClaim).Select(claim => claim.Value)] };
        return true;
    }
}

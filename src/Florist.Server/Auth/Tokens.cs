using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using System.Text;
using Florist.Kernel;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Florist.Server.Auth;

/// <summary>
/// Makes and checks bearer tokens (JWT): those signed with a key of this server (HMAC-SHA256), whose subject is a
/// principal such as <c>customer:7q2x</c>, and those of the authority that the settings name.
/// </summary>
internal sealed class Tokens : IDisposable
{
    private const int KnownTokensMax = 20_000;
    private const int TokenBytesMax = 16 * 1024;

    private readonly KnownTokens known = new(KnownTokensMax);
    private readonly JsonWebTokenHandler handler = new()
    {
        MapInboundClaims = false,
        MaximumTokenSizeInBytes = TokenBytesMax,
    };

    private readonly AuthOptions options;
    private readonly SymmetricSecurityKey? key;
    private readonly TokenValidationParameters ownRules;
    private readonly Authority? authority;

    /// <summary>By the settings.</summary>
    public Tokens(IOptions<AuthOptions> options, ILogger<Tokens>? log = null)
    {
        this.options = options.Value;
        key = this.options.SigningKey.Length > 0
            ? new SymmetricSecurityKey(Encoding.UTF8.GetBytes(this.options.SigningKey))
            : null;
        authority = this.options.Authority is null
            ? null
            : new Authority(this.options, handler, (ILogger?)log ?? NullLogger.Instance);
        ownRules = new TokenValidationParameters
        {
            ValidIssuer = this.options.Issuer,
            ValidAudience = this.options.Audience,
            IssuerSigningKey = key,
            ValidAlgorithms = [SecurityAlgorithms.HmacSha256],
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,
        };
    }

    private TimeSpan ClockSkew => TimeSpan.FromSeconds(options.ClockSkewSeconds);

    /// <summary>A token for a caller, signed with the key of this server.</summary>
    /// <exception cref="InvalidOperationException">The settings have no such key.</exception>
    public string Make(Caller caller, TimeSpan lifetime)
    {
        // Tokens live by the machine's clock, never by the product's, which a sandbox may have turned.
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        List<Claim> claims = [new(JwtRegisteredClaimNames.Sub, caller.Principal)];
        if (caller.Roles != StaffRoles.None)
        {
            claims.AddRange(
                Principals.NamesOf(caller.Roles).Split(',').Select(role => new Claim(TokenClaims.Role, role)));
        }

        return handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = options.Issuer,
            Audience = options.Audience,
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Subject = new ClaimsIdentity(claims),
            SigningCredentials = new SigningCredentials(
                key ?? throw new InvalidOperationException("Auth:SigningKey is not set"),
                SecurityAlgorithms.HmacSha256),
        });
    }

    /// <summary>The caller of a token that was read a moment ago; null when it has to be read.</summary>
    public Caller? Known(ReadOnlySpan<char> token) => known.Find(token, TimeProvider.System.GetUtcNow());

    /// <summary>The caller that a token names; null when the token is not valid.</summary>
    /// <exception cref="AuthorityUnreachableException">It is the authority's, whose keys cannot be had.</exception>
    public async Task<Caller?> Read(string token)
    {
        if (token.Length > TokenBytesMax || !handler.CanReadToken(token) || TryReadHead(token) is not { } head)
        {
            return null;
        }

        // The algorithm decides whose token it is, and each has rules that know no other's algorithms or keys.
        bool isOwn = head.Alg == SecurityAlgorithms.HmacSha256;
        JsonWebToken? valid = isOwn ? await CheckOwn(token) : await CheckAuthority(token);
        Caller? caller = valid switch
        {
            null => null,
            _ when isOwn => TokenClaims.OfOwn(valid),
            _ => TokenClaims.OfAuthority(valid, options.Claims),
        };
        if (valid is not null && caller is not null)
        {
            DateTimeOffset until = new DateTimeOffset(valid.ValidTo, TimeSpan.Zero) + ClockSkew;
            caller = caller with { ExpiresAt = until };
            known.Add(token, caller, until);
        }

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

    /// <inheritdoc/>
    public void Dispose() => authority?.Dispose();

    private JsonWebToken? TryReadHead(string token)
    {
        try
        {
            return handler.ReadJsonWebToken(token);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    private async Task<JsonWebToken?> CheckOwn(string token)
    {
        if (key is null)
        {
            return null;
        }

        TokenValidationResult result = await handler.ValidateTokenAsync(token, ownRules);
        return result.IsValid ? result.SecurityToken as JsonWebToken : null;
    }

    private async Task<JsonWebToken?> CheckAuthority(string token) =>
        authority is null ? null : await authority.Check(token);
}

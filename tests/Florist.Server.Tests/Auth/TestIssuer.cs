using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Florist.Server.Tests.Auth;

/// <summary>An OpenID Connect provider on loopback: metadata, keys, and tokens that it or others sign.</summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<RsaSecurityKey> _published = [];

    private TestIssuer(WebApplication app) => _app = app;

    /// <summary>Its address.</summary>
    public string Address => _app.Urls.First();

    /// <summary>The key that it signs with at present.</summary>
    public RsaSecurityKey Key => _published[^1];

    /// <summary>How often its keys were fetched.</summary>
    public int KeysFetched { get; private set; }

    /// <summary>True while it answers nothing but errors.</summary>
    public bool IsBroken { get; set; }

    /// <summary>Starts one with one key.</summary>
    public static async Task<TestIssuer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        WebApplication app = builder.Build();
        TestIssuer issuer = new(app);
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/.well-known/openid-configuration", () => issuer.IsBroken
            ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
            : Results.Json(new { issuer = issuer.Address, jwks_uri = issuer.Address + "/keys" }));
        app.MapGet("/keys", issuer.Keys);
        issuer.Rotate(keepsOld: true);
        await app.StartAsync();
        return issuer;
    }

    /// <summary>A key that nobody publishes.</summary>
    public static RsaSecurityKey Stray(string id) => new(RSA.Create(2048)) { KeyId = id };

    /// <summary>Signs with a new key from now on, and publishes it; the old ones only where they are kept.</summary>
    public void Rotate(bool keepsOld)
    {
        RsaSecurityKey next = Stray($"key-{_published.Count + 1}");
        if (!keepsOld)
        {
            _published.Clear();
        }

        _published.Add(next);
    }

    /// <summary>A token with these claims, of this issuer for florist unless the claims say otherwise.</summary>
    public string Token(
        Dictionary<string, object> claims,
        SigningCredentials? signedBy = null,
        string? issuer = null,
        string audience = "florist",
        TimeSpan? from = null,
        TimeSpan? until = null)
    {
        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = issuer ?? Address,
                Audience = audience,
                IssuedAt = now,
                NotBefore = now + (from ?? TimeSpan.FromMinutes(-1)),
                Expires = now + (until ?? TimeSpan.FromMinutes(5)),
                Claims = claims,
                SigningCredentials = signedBy ?? new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
            });
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IResult Keys()
    {
        if (IsBroken)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }

        KeysFetched++;
        return Results.Json(new
        {
            keys = _published.Select(key =>
            {
                RSAParameters own = key.Rsa.ExportParameters(includePrivateParameters: false);
                return new
                {
                    kty = "RSA",
                    use = "sig",
                    kid = key.KeyId,
                    n = Base64UrlEncoder.Encode(own.Modulus),
                    e = Base64UrlEncoder.Encode(own.Exponent),
                };
            }),
        });
    }
}

using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Florist.Server.Auth;

/// <summary>
/// The authority's metadata or keys cannot be had, so that its tokens can be neither believed nor not.
/// </summary>
internal sealed class AuthorityUnreachableException(Exception? cause)
    : Exception("the authority's keys cannot be fetched", cause);

/// <summary>
/// An OpenID Connect provider whose tokens are believed. Metadata and keys are fetched when the first token comes, now
/// and then anew, and at once when a token's key is not among them. The last keys that were had serve while there are
/// no newer ones.
/// </summary>
internal sealed class Authority : IDisposable
{
    private static readonly TimeSpan FetchTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient http;
    private readonly ConfigurationManager<OpenIdConnectConfiguration> metadata;
    private readonly JsonWebTokenHandler handler;
    private readonly TokenValidationParameters rules;
    private readonly Uri address;
    private readonly ILogger log;

    /// <summary>Fetches nothing yet.</summary>
    public Authority(AuthOptions options, JsonWebTokenHandler handler, ILogger log)
    {
        this.handler = handler;
        this.log = log;
        Uri authority = options.Authority ?? throw new ArgumentException("there is no authority", nameof(options));
        address = options.MetadataAddress
            ?? new Uri(authority.AbsoluteUri.TrimEnd('/') + "/.well-known/openid-configuration");
        http = new HttpClient { Timeout = FetchTimeout };
        metadata = new ConfigurationManager<OpenIdConnectConfiguration>(
            address.AbsoluteUri,
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(http) { RequireHttps = options.RequireHttpsMetadata })
        {
            AutomaticRefreshInterval = TimeSpan.FromMinutes(options.RefreshMinutes),
            RefreshInterval = TimeSpan.FromSeconds(options.KeyRefreshSeconds),
        };
        rules = new TokenValidationParameters
        {
            ValidAudience = options.Audience,
            ValidAlgorithms = options.Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ValidateIssuerSigningKey = true,
            ClockSkew = TimeSpan.FromSeconds(options.ClockSkewSeconds),
        };
    }

    /// <summary>The token, if the authority made it for us and it is valid now; else null.</summary>
    /// <exception cref="AuthorityUnreachableException">No keys could be fetched, now or before.</exception>
    public async Task<JsonWebToken?> Check(string token)
    {
        OpenIdConnectConfiguration known = await Metadata();
        TokenValidationResult result = await Check(token, known);
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // A key that we do not know may be a new one.
            metadata.RequestRefresh();
            OpenIdConnectConfiguration newer = await Metadata();
            if (!ReferenceEquals(newer, known))
            {
                result = await Check(token, newer);
            }
        }

        return result.IsValid ? result.SecurityToken as JsonWebToken : null;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private Task<TokenValidationResult> Check(string token, OpenIdConnectConfiguration known)
    {
        TokenValidationParameters with = rules.Clone();
        with.ValidIssuer = known.Issuer;
        with.IssuerSigningKeys = known.SigningKeys;
        return handler.ValidateTokenAsync(token, with);
    }

    private async Task<OpenIdConnectConfiguration> Metadata()
    {
        try
        {
            return await metadata.GetConfigurationAsync(CancellationToken.None);
        }
        catch (Exception failed)
        {
            // Whatever keeps the keys from us, it is not the caller's fault.
            ServerLog.AuthorityUnreachable(log, address, failed);
            throw new AuthorityUnreachableException(failed);
        }
    }
}

using System.ComponentModel.DataAnnotations;
using Florist.Kernel;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace Florist.Server.Auth;

/// <summary>Settings of the section <c>Auth</c>: whose bearer tokens and certificates are believed.</summary>
public sealed class AuthOptions
{
    /// <summary>
    /// The signing key of the Development environment. It is published here on purpose, so that everybody can make
    /// tokens for a server on their own machine; a server of any other environment refuses to start with it.
    /// </summary>
    public const string DevelopmentSigningKey = "florist-development-signing-key-known-to-everybody";

    /// <summary>
    /// The issuer of tokens, an OpenID Connect provider, as <c>https://login.shop.example</c>; its metadata and keys
    /// are fetched from there and kept up to date. Without one only tokens signed with <see cref="SigningKey"/> are
    /// believed.
    /// </summary>
    public Uri? Authority { get; set; }

    /// <summary>
    /// Where the provider's metadata is; by default <c>.well-known/openid-configuration</c> below the authority.
    /// </summary>
    public Uri? MetadataAddress { get; set; }

    /// <summary>True refuses metadata and keys that are not fetched over TLS.</summary>
    public bool RequireHttpsMetadata { get; set; } = true;

    /// <summary>
    /// Signature algorithms that tokens of the authority may have; by default RS, PS and ES with 256, 384 and 512 bits.
    /// None that uses a shared key can be named.
    /// </summary>
    [MinLength(1)]
    public List<string> Algorithms { get; set; } = [];

    /// <summary>Minutes after which metadata and keys are fetched anew although nothing is amiss.</summary>
    [Range(5, 10_080)]
    public int RefreshMinutes { get; set; } = 720;

    /// <summary>
    /// Seconds that pass at least between two fetches that tokens with unknown keys make necessary, so that wrong
    /// tokens are no load for the provider.
    /// </summary>
    [Range(1, 3600)]
    public int KeyRefreshSeconds { get; set; } = 60;

    /// <summary>
    /// The key of HMAC-SHA256 signatures: at least 32 bytes of UTF-8. Tokens of the verb <c>token</c> are signed with
    /// it. Outside Development it or <see cref="Authority"/> is required; with both, tokens of either are believed.
    /// </summary>
    public string SigningKey { get; set; } = "";

    /// <summary>The <c>iss</c> of tokens that are signed with <see cref="SigningKey"/>.</summary>
    [Required]
    public string Issuer { get; set; } = "florist";

    /// <summary>The <c>aud</c> that all tokens must carry.</summary>
    [Required]
    public string Audience { get; set; } = "florist";

    /// <summary>Seconds that the clocks of an issuer and of this server may differ.</summary>
    [Range(0, 300)]
    public int ClockSkewSeconds { get; set; } = 30;

    /// <summary>Which claims of the authority's tokens say who calls.</summary>
    [ValidateObjectMembers]
    public ClaimsOptions Claims { get; set; } = new();

    /// <summary>
    /// Couriers that show a certificate, by courier: <c>Auth:Couriers:velo:Fingerprints:0</c>. A connection with such a
    /// certificate needs no token.
    /// </summary>
    public Dictionary<string, CourierCertificateOptions> Couriers { get; set; } = [];

    /// <summary>
    /// Path of a PEM file with the authorities that issue couriers' certificates; without one, only pinned
    /// fingerprints and what this machine trusts anyway are accepted.
    /// </summary>
    public string? CourierAuthorities { get; set; }
}

/// <summary>Which claims of a token of the authority say who calls.</summary>
public sealed class ClaimsOptions
{
    /// <summary>
    /// The claim that says what sort of principal calls: <c>customer</c>, <c>courier</c>, <c>staff</c> or
    /// <c>service</c>.
    /// </summary>
    [Required]
    public string Kind { get; set; } = "florist_kind";

    /// <summary>
    /// What sort of principal calls with a token without that claim; null refuses it, unless it names a role of the
    /// staff.
    /// </summary>
    public CallerKind? KindDefault { get; set; }

    /// <summary>The claim with the principal's identifier: a customer id, a courier id, a login.</summary>
    [Required]
    public string Id { get; set; } = "sub";

    /// <summary>The claim with the roles of staff: one text, or several; of an object, the path with dots.</summary>
    [Required]
    public string Roles { get; set; } = "roles";

    /// <summary>
    /// What the provider calls roles, by its name: <c>Auth:Claims:RoleNames:shop-agents=agent</c>. Names of roles are
    /// understood as they are too, and others are passed over.
    /// </summary>
    public Dictionary<string, string> RoleNames { get; set; } = [];
}

/// <summary>How the certificates of a courier are known.</summary>
public sealed class CourierCertificateOptions
{
    /// <summary>SHA-256 fingerprints of certificates, in hexadecimal digits with or without colons.</summary>
    public List<string> Fingerprints { get; set; } = [];

    /// <summary>
    /// DNS names of the certificate's owner, as its subject alternative names say; believed of certificates that are
    /// issued by <see cref="AuthOptions.CourierAuthorities"/>.
    /// </summary>
    public List<string> Names { get; set; } = [];

    /// <summary>True refuses the courier's tokens on connections without its certificate.</summary>
    public bool Required { get; set; }
}

/// <summary>Checks <see cref="AuthOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class AuthOptionsValidator : IValidateOptions<AuthOptions>;

/// <summary>Sets what a list's default is: a list that is bound gains members, and loses none.</summary>
internal sealed class AuthOptionsDefaults : IPostConfigureOptions<AuthOptions>
{
    /// <summary>The algorithms that are believed unless the settings name some.</summary>
    public static readonly IReadOnlyList<string> Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    public void PostConfigure(string? name, AuthOptions options)
    {
        if (options.Algorithms.Count == 0)
        {
            options.Algorithms.AddRange(Algorithms);
        }
    }
}

/// <summary>Checks what settings say together, and refuses the published key outside Development.</summary>
internal sealed class AuthOptionsConsistency(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    private const int KeyLengthMin = 32;

    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        List<string> failures = [.. Failures(options)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> Failures(AuthOptions options)
    {
        if (options.SigningKey.Length == 0 && options.Authority is null)
        {
            yield return "Auth:Authority or Auth:SigningKey is required; only Development has a key of its own";
        }

        if (options.SigningKey.Length is > 0 and < KeyLengthMin)
        {
            yield return $"Auth:SigningKey must have at least {KeyLengthMin} characters";
        }

        if (options.SigningKey == AuthOptions.DevelopmentSigningKey && !environment.IsDevelopment())
        {
            yield return "Auth:SigningKey is the published development key; set one of your own";
        }

        if (options.Authority is { IsAbsoluteUri: false } or { Scheme: not ("https" or "http") })
        {
            yield return "Auth:Authority is not an address such as https://login.shop.example";
        }
        else if (options.Authority is { Scheme: "http" } && options.RequireHttpsMetadata)
        {
            yield return "Auth:Authority is not reached over TLS; Auth:RequireHttpsMetadata=false allows that";
        }

        if (options.Algorithms.Except(AuthOptionsDefaults.Algorithms, StringComparer.Ordinal).Any())
        {
            yield return $"Auth:Algorithms are some of {string.Join(", ", AuthOptionsDefaults.Algorithms)}";
        }

        foreach ((string theirs, string ours) in options.Claims.RoleNames)
        {
            if (Principals.Role(ours) is null)
            {
                yield return $"Auth:Claims:RoleNames:{theirs} names no role of the staff";
            }
        }
    }
}

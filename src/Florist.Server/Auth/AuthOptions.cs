using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Server.Auth;

/// <summary>Settings of the section <c>Auth</c>: how bearer tokens are checked.</summary>
public sealed class AuthOptions
{
    /// <summary>
    /// The signing key of the Development environment. It is published here on purpose, so that everybody can make
    /// tokens for a server on their own machine; a server of any other environment refuses to start with it.
    /// </summary>
    public const string DevelopmentSigningKey = "florist-development-signing-key-known-to-everybody";

    /// <summary>The key of HMAC-SHA256 signatures: at least 32 bytes of UTF-8. Required outside Development.</summary>
    [Required(ErrorMessage = "Auth:SigningKey is required; only Development has a key of its own")]
    [MinLength(32, ErrorMessage = "Auth:SigningKey must have at least 32 characters")]
    public string SigningKey { get; set; } = "";

    /// <summary>The <c>iss</c> that tokens must carry.</summary>
    [Required]
    public string Issuer { get; set; } = "florist";

    /// <summary>The <c>aud</c> that tokens must carry.</summary>
    [Required]
    public string Audience { get; set; } = "florist";
}

/// <summary>Checks <see cref="AuthOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class AuthOptionsValidator : IValidateOptions<AuthOptions>;

/// <summary>Refuses the published key outside Development.</summary>
internal sealed class DevelopmentKeyGuard(IHostEnvironment environment) : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options) =>
        options.SigningKey == AuthOptions.DevelopmentSigningKey && !environment.IsDevelopment()
            ? ValidateOptionsResult.Fail("Auth:SigningKey is the published development key; set one of your own")
            : ValidateOptionsResult.Success;
}

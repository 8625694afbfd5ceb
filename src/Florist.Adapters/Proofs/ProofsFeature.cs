using System.ComponentModel.DataAnnotations;
using Florist.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Proofs;

/// <summary>Wiring of the place where images of hand-overs are kept.</summary>
public static class ProofsFeature
{
    /// <summary>Adds <see cref="IProofStore"/>: a folder. Needs a <see cref="TimeProvider"/>.</summary>
    public static IServiceCollection AddProofs(this IServiceCollection services)
    {
        services.AddOptions<ProofsOptions>().BindConfiguration(ProofsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProofsOptions>, ProofsOptionsValidator>();
        services.AddHostedService<ProofPurge>();
        return services.AddSingleton<IProofStore, FolderProofStore>();
    }
}

/// <summary>Settings of the section <c>Proofs</c>.</summary>
public sealed class ProofsOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Proofs";

    /// <summary>Where images of hand-overs are kept, for 30 days. Not part of the database's backups.</summary>
    [Required]
    public string Folder { get; set; } = "proofs";
}

/// <summary>Checks <see cref="ProofsOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class ProofsOptionsValidator : IValidateOptions<ProofsOptions>;

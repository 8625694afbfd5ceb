using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Audit;

/// <summary>Settings of the audit trail, from the section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Audit";

    /// <summary>Days that an entry is kept.</summary>
    [Range(1, 3650)]
    public int RetentionDays { get; set; } = 730;
}

/// <summary>Checks the ranges of <see cref="AuditOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class AuditOptionsValidator : IValidateOptions<AuditOptions>;

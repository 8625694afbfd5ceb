using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Occasions;

/// <summary>Settings of the section <c>Occasions</c>: when in the day reminders leave.</summary>
public sealed class OccasionsOptions
{
    /// <summary>Civil time from which reminders leave, in the zone of the customer or the occasion.</summary>
    public TimeOnly WindowStart { get; set; } = new(9, 0);

    /// <summary>
    /// Minutes over which the reminders of a morning are spread, so that the day before a feast sends no flood; 0 sends
    /// all at once. The window must end on the day on which it begins.
    /// </summary>
    [Range(0, 1439)]
    public int WindowMinutes { get; set; } = 180;
}

/// <summary>Checks <see cref="OccasionsOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class OccasionsOptionsValidator : IValidateOptions<OccasionsOptions>;

/// <summary>Checks what attributes cannot say.</summary>
internal sealed class OccasionsOptionsConsistency : IValidateOptions<OccasionsOptions>
{
    public ValidateOptionsResult Validate(string? name, OccasionsOptions options) =>
        options.WindowStart.ToTimeSpan() + TimeSpan.FromMinutes(options.WindowMinutes) <= TimeSpan.FromDays(1)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Occasions:WindowMinutes reaches beyond midnight");
}

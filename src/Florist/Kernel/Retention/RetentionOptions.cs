using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Kernel;

/// <summary>
/// How long things are kept that nothing else takes away, section <c>Retention</c>. What law or money needs is not
/// among them: orders, payments and purchases stay until their customer is purged.
/// </summary>
public sealed class RetentionOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Retention";

    /// <summary>False: nothing is taken away by age.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Rows that a page looks at; the pass handles one page after each pause.</summary>
    [Range(1, 10_000)]
    public int PageRows { get; set; } = 500;

    /// <summary>How long the pass pauses between two pages, so that it disturbs nobody.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan Pause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Days for which the answer to a request id is kept; it is promised for one.</summary>
    [Range(2, 3650)]
    public int AnswersDays { get; set; } = 7;

    /// <summary>Days after which the text of a message and its address are forgotten; what was decided stays.</summary>
    [Range(1, 3650)]
    public int MessageTextsDays { get; set; } = 90;

    /// <summary>Days after which a message is forgotten altogether.</summary>
    [Range(61, 3650)]
    public int MessagesDays { get; set; } = 400;

    /// <summary>Days for which rejected reports of couriers are kept.</summary>
    [Range(1, 3650)]
    public int RejectedReportsDays { get; set; } = 90;

    /// <summary>Days for which operators' actions are kept.</summary>
    [Range(30, 3650)]
    public int OperatorActionsDays { get; set; } = 730;

    /// <summary>Days after the delivery date for which the recipient's telephone number stays with the order.</summary>
    [Range(1, 3650)]
    public int RecipientPhonesDays { get; set; } = 30;
}

/// <summary>Checks the ranges of <see cref="RetentionOptions"/>.</summary>
[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;

/// <summary>Checks what attributes cannot say.</summary>
internal sealed class RetentionOptionsConsistency : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options) =>
        options.MessageTextsDays > options.MessagesDays
            ? ValidateOptionsResult.Fail("Retention:MessageTextsDays exceeds MessagesDays")
            : ValidateOptionsResult.Success;
}

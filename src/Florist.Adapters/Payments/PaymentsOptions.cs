using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Florist.Adapters.Payments;

/// <summary>Settings of the section <c>Payments</c>.</summary>
public sealed class PaymentsOptions
{
    /// <summary>
    /// The file in which the simulator notes all that it does before it answers, one JSON line each, written through to
    /// the disk, and from which it knows the accounts after a restart; null keeps no account beyond the process. A
    /// repeat with a key that is there is answered without another line.
    /// </summary>
    public string? Ledger { get; set; }

    /// <summary>
    /// The secret that the provider signs webhooks with, at least 16 characters; null lets the simulator alone know it.
    /// </summary>
    [MinLength(16)]
    public string? WebhookSecret { get; set; }

    /// <summary>How far the time in a webhook's signature may be from ours, either way.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")]
    public TimeSpan WebhookTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Address of this server as payers reach it, to which the simulator sends those who have to confirm a payment.
    /// </summary>
    [Required, Url]
    public string PublicUrl { get; set; } = "http://127.0.0.1:8080";

    /// <summary>How many days a reservation of the simulator holds.</summary>
    [Range(1, 30)]
    public int AuthorizedDays { get; set; } = 7;
}

/// <summary>Checks <see cref="PaymentsOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class PaymentsOptionsValidator : IValidateOptions<PaymentsOptions>;

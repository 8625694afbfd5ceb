using System.ComponentModel.DataAnnotations;
using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Orders;

/// <summary>Settings of the section <c>Orders</c>: when the shop delivers, where to, and what that costs.</summary>
public sealed class OrdersOptions
{
    /// <summary>IANA zone of the shop: cut-offs and windows are in its civil time.</summary>
    [Required]
    public string TimeZone { get; set; } = "Europe/London";

    /// <summary>
    /// Same-day cut-off by weekday, in the shop's civil time. On a weekday that is not listed nothing is delivered.
    /// </summary>
    [MinLength(1, ErrorMessage = "Orders:CutOffs needs at least one weekday")]
    public Dictionary<DayOfWeek, TimeOnly> CutOffs { get; set; } = new()
    {
        [DayOfWeek.Monday] = new(14, 0),
        [DayOfWeek.Tuesday] = new(14, 0),
        [DayOfWeek.Wednesday] = new(14, 0),
        [DayOfWeek.Thursday] = new(14, 0),
        [DayOfWeek.Friday] = new(14, 0),
        [DayOfWeek.Saturday] = new(10, 0),
    };

    /// <summary>Begin of the delivery day.</summary>
    public TimeOnly DayStart { get; set; } = new(9, 0);

    /// <summary>End of the delivery day.</summary>
    public TimeOnly DayEnd { get; set; } = new(18, 0);

    /// <summary>The shortest window that can be promised, in hours.</summary>
    [Range(1, 12)]
    public int WindowHoursMin { get; set; } = 2;

    /// <summary>How many days ahead an order may be placed.</summary>
    [Range(1, 366)]
    public int HorizonDays { get; set; } = 180;

    /// <summary>Regions (CLDR) that the shop delivers to.</summary>
    [MinLength(1, ErrorMessage = "Orders:Regions needs at least one region")]
    public List<string> Regions { get; set; } = ["GB", "IE", "DE", "FR", "AT", "NL", "BE"];

    /// <summary>
    /// Delivery fee in minor units by currency, tax included. Its keys are the currencies the shop sells in.
    /// </summary>
    [MinLength(1, ErrorMessage = "Orders:DeliveryFees needs at least one currency")]
    public Dictionary<string, long> DeliveryFees { get; set; } = new() { ["GBP"] = 499, ["EUR"] = 599 };

    /// <summary>Tax rate by currency, in hundredths of a percent.</summary>
    public Dictionary<string, int> TaxRatesBasisPoints { get; set; } = new() { ["GBP"] = 2000, ["EUR"] = 700 };

    /// <summary>How long a quote is honoured, in minutes.</summary>
    [Range(1, 120)]
    public int QuoteMinutes { get; set; } = 15;

    /// <summary>How long an order waits for its payment, in minutes.</summary>
    [Range(1, 1440)]
    public int PaymentMinutes { get; set; } = 10;

    /// <summary>How many hours before a reservation would lapse the amount is taken, ready or not.</summary>
    [Range(1, 72)]
    public int CaptureHoursBeforeLapse { get; set; } = 12;

    /// <summary>How many hours after the promised window flowers are still fresh enough to be handed over.</summary>
    [Range(0, 72)]
    public int FreshHours { get; set; } = 18;

    /// <summary>The shop's name, as those who track a delivery see it.</summary>
    [Required]
    public string ShopName { get; set; } = "Florist";

    /// <summary>
    /// Address of the shop's tracking page, with <c>{token}</c> where the token stands, best behind a <c>#</c>, which
    /// browsers do not send; empty for none. With it, messages to the sender carry a link.
    /// </summary>
    public string TrackingUrl { get; set; } = "";

    /// <summary>How many hours a customer has to say whether a missing stem may be replaced.</summary>
    [Range(1, 72)]
    public int SubstitutionAnswerHours { get; set; } = 4;

    /// <summary>When a promise counts as endangered, and what a broken one is worth.</summary>
    [ValidateObjectMembers]
    public PromiseOptions Promises { get; set; } = new();

    /// <summary>How often a courier may try to deliver.</summary>
    [Range(1, 3)]
    public int DeliveryAttemptsMax { get; set; } = 2;
}

/// <summary>Checks <see cref="OrdersOptions"/> when the server starts.</summary>
[OptionsValidator]
internal sealed partial class OrdersOptionsValidator : IValidateOptions<OrdersOptions>;

/// <summary>Checks what attributes cannot say.</summary>
internal sealed class OrdersOptionsConsistency : IValidateOptions<OrdersOptions>
{
    public ValidateOptionsResult Validate(string? name, OrdersOptions options)
    {
        List<string> wrong = [];
        if (!Zones.Known(options.TimeZone))
        {
            wrong.Add($"Orders:TimeZone '{options.TimeZone}' is no IANA zone");
        }

        if (options.DayEnd - options.DayStart < TimeSpan.FromHours(options.WindowHoursMin)
            || options.DayEnd <= options.DayStart)
        {
            wrong.Add("Orders:DayEnd must be at least Orders:WindowHoursMin later than Orders:DayStart");
        }

        bool isPage = Uri.TryCreate(options.TrackingUrl, UriKind.Absolute, out Uri? page)
            && (page.Scheme == Uri.UriSchemeHttps || page.Scheme == Uri.UriSchemeHttp);
        if (options.TrackingUrl.Length > 0
            && (!isPage || !options.TrackingUrl.Contains("{token}", StringComparison.Ordinal)))
        {
            wrong.Add("Orders:TrackingUrl must be an http or https address that contains {token}");
        }

        wrong.AddRange(options.DeliveryFees.Keys.Where(currency => !options.TaxRatesBasisPoints.ContainsKey(currency))
            .Select(currency => $"Orders:TaxRatesBasisPoints lacks {currency}"));
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }
}

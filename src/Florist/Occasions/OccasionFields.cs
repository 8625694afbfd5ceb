using System.Collections.Immutable;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>The fields of an occasion that an update may name.</summary>
internal static class OccasionFields
{
    /// <summary>Paths of the <c>Occasion</c> message. Each form of the day stands for the day as a whole.</summary>
    public static readonly ImmutableArray<string> Paths =
    [
        "kind", "title", "date", "weekday", "easter_offset_days", "holiday", "leap_policy", "recipient", "category",
        "time_zone", "lead_days",
    ];

    /// <summary>The details with the named fields taken from <paramref name="values"/>.</summary>
    public static Outcome<OccasionDetails> Patch(
        OccasionDetails details, OccasionDetails values, ImmutableArray<string> paths)
    {
        foreach (string path in paths)
        {
            switch (path)
            {
                case "kind":
                    details = details with { Kind = values.Kind };
                    break;
                case "title":
                    details = details with { Title = values.Title };
                    break;
                case "date" or "weekday" or "easter_offset_days" or "holiday":
                    details = details with { Day = values.Day, FirstYear = values.FirstYear };
                    break;
                case "leap_policy":
                    details = details with { Day = WithLeapPolicy(details.Day, values.Day) };
                    break;
                case "recipient":
                    details = details with { Recipient = values.Recipient };
                    break;
                case "category":
                    details = details with { Category = values.Category };
                    break;
                case "time_zone":
                    details = details with { TimeZone = values.TimeZone };
                    break;
                case "lead_days":
                    details = details with { LeadDays = values.LeadDays };
                    break;
                default:
                    return Fault.Invalid("update_mask", "FIELD_UNKNOWN", $"'{path}' cannot be changed")
                        .With("path", path);
            }
        }

        return details;
    }

    private static YearlyDay WithLeapPolicy(YearlyDay day, YearlyDay values) =>
        day is FixedDay date && values is FixedDay { LeapPolicy: var policy } ? date with { LeapPolicy = policy } : day;
}

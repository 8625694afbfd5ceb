using System.Text.Json;
using Florist.Catalogue;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Occasions;

/// <summary>What the listing of occasions can be filtered and sorted by.</summary>
internal static class OccasionListing
{
    public static readonly FilterSchema Filters = new(
        FilterField.Enum("kind", [.. Enum.GetValues<OccasionKind>().Select(kind => Word(kind))]),
        FilterField.Text("title"),
        FilterField.Text("category"),
        FilterField.Text("recipient"),
        FilterField.Enum("mute_reason", [.. Enum.GetValues<MuteReason>().Select(reason => Word(reason))]),
        FilterField.Date("next_date"));

    public static readonly OrderBySchema Orders = new("next_date", "title", "create_time");

    public static MemoryListing<OccasionView> Of(CustomerId customer) =>
        new((view, path) => Read(view, path, customer), view => view.Occasion.Id.Value);

    private static FilterValue? Read(OccasionView view, string path, CustomerId customer)
    {
        OccasionDetails details = view.Occasion.Details;
        return path switch
        {
            "kind" => new FilterValue.Enum(Word(details.Kind)),
            "title" => new FilterValue.Text(details.Title),
            "category" => new FilterValue.Text(OccasionCategories.NameOf(details.Category)),
            "recipient" => details.Recipient is { } recipient ? new FilterValue.Text(recipient.Name(customer)) : null,
            "mute_reason" => view.Occasion.Muted is { } reason ? new FilterValue.Enum(Word(reason)) : null,
            "next_date" => view.NextOn is { } next ? new FilterValue.Date(next) : null,
            "create_time" => new FilterValue.Timestamp(view.Occasion.CreatedAt),
            _ => throw new ArgumentOutOfRangeException(nameof(path), path, "a field that is not listed by"),
        };
    }

    // The names of the contract's enum values.
    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString());
}

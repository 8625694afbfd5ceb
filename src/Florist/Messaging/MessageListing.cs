using System.Collections.Immutable;
using Florist.Customers;
using Florist.Kernel;

namespace Florist.Messaging;

/// <summary>What a listing of messages can be filtered by.</summary>
internal static class MessageListing
{
    /// <summary>The filterable fields.</summary>
    public static readonly FilterSchema Filters = new(
        FilterField.Enum("kind", Words<MessageKind>()),
        FilterField.Enum("channel", Words<Channel>()),
        FilterField.Enum("state", Words<MessageState>()),
        FilterField.Text("reason"),
        FilterField.Text("order"),
        FilterField.Timestamp("create_time"),
        FilterField.Timestamp("send_time"));

    /// <summary>What a message holds in a field; null for nothing.</summary>
    public static FilterValue? Read(MessageRecord message, FilterField field) => field.Path switch
    {
        "kind" => new FilterValue.Enum(Word(message.Kind)),
        "channel" => new FilterValue.Enum(Word(message.Channel)),
        "state" => new FilterValue.Enum(Word(message.State)),
        "reason" => message.Reason is { } reason ? new FilterValue.Text(reason) : null,
        "order" => message.About.OrderId is { } order ? new FilterValue.Text(order.Name) : null,
        "create_time" => new FilterValue.Timestamp(message.DecidedAt),
        "send_time" => message.SentAt is { } at ? new FilterValue.Timestamp(at) : null,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Path, "a field that messages do not have"),
    };

    /// <summary>The name of a value in the contract, as <c>ORDER_CONFIRMED</c>.</summary>
    public static string Word<TEnum>(TEnum value)
        where TEnum : struct, Enum => string.Concat(value.ToString()
            .Select((c, i) => (char.IsAsciiLetterUpper(c) && i > 0 ? "_" : "") + char.ToUpperInvariant(c)));

    private static ImmutableArray<string> Words<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(Word)];
}

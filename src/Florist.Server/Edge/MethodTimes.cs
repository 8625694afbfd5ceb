using System.Collections.Frozen;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Florist.Server.Edge;

/// <summary>What sort of time a call takes.</summary>
internal enum MethodPace
{
    /// <summary>It lasts as long as its stream.</summary>
    Stream,

    /// <summary>Reads one thing.</summary>
    Get,

    /// <summary>Reads many, or computes an offer.</summary>
    List,

    /// <summary>Changes something.</summary>
    Change,

    /// <summary>Changes something and may have to wait for a provider, or for much work.</summary>
    LongChange,
}

/// <summary>
/// How long calls take, method by method: what clients are advised and where the server draws the line.
/// </summary>
internal static class MethodTimes
{
    // A withdrawal and a pause wait for attempts under way, an import for the commits of a whole batch.
    private static readonly FrozenSet<string> Long = new[]
    {
        "UpdateCustomer", "DeleteCustomer", "PauseSends", "RetryParkedItems", "DropParkedItems",
        "BatchImportPurchases", "AdvanceClock",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The pace of a method.</summary>
    public static MethodPace PaceOf(MethodDescriptor method)
    {
        if (method.IsClientStreaming || method.IsServerStreaming)
        {
            return MethodPace.Stream;
        }

        if (Long.Contains(method.Name))
        {
            return MethodPace.LongChange;
        }

        HttpRule? http = method.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        bool reads = http?.PatternCase == HttpRule.PatternOneofCase.Get;
        return method.Name.StartsWith("Quote", StringComparison.Ordinal) ? MethodPace.List
            : !reads ? MethodPace.Change
            : method.Name.StartsWith("Get", StringComparison.Ordinal) ? MethodPace.Get
            : MethodPace.List;
    }

    /// <summary>How long a client is advised to wait; null for a stream.</summary>
    public static TimeSpan? AdvisedTo(MethodPace pace) => pace switch
    {
        MethodPace.Stream => null,
        MethodPace.Get => TimeSpan.FromSeconds(2),
        MethodPace.List => TimeSpan.FromSeconds(5),
        MethodPace.Change => TimeSpan.FromSeconds(10),
        MethodPace.LongChange => TimeSpan.FromSeconds(30),
        _ => throw new ArgumentOutOfRangeException(nameof(pace), pace, "a pace without a time"),
    };

    /// <summary>
    /// Whether a repeat does no harm: of a read, and of a change that its request id makes safe.
    /// </summary>
    public static bool IsRepeatable(MethodDescriptor method) =>
        PaceOf(method) is MethodPace.Get or MethodPace.List
        || (PaceOf(method) != MethodPace.Stream && method.InputType.FindFieldByName("request_id") is not null);
}

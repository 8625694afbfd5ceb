using System.Collections.Frozen;
using System.Globalization;
using Florist.Server.Gateway;
using Microsoft.Extensions.Options;

namespace Florist.Server.Edge;

/// <summary>
/// Gives calls that come without a deadline, or with a later one, the server's own: gRPC knows no default, and a call
/// that nobody waits for any more must not hold what others need.
/// </summary>
/// <param name="contracts">The contracts.</param>
/// <param name="options">The limits.</param>
internal sealed class DeadlineCaps(Contracts contracts, IOptions<EdgeOptions> options)
{
    private const string Field = "grpc-timeout";

    private readonly FrozenDictionary<string, Cap> caps = Make(contracts, options.Value);

    /// <summary>Caps the deadline of a request that is a call of a method with one answer.</summary>
    public void Apply(HttpRequest request)
    {
        if (request.Path.Value is { } path && caps.TryGetValue(path, out Cap cap)
            && !(Read(request.Headers[Field]) <= cap.Time))
        {
            request.Headers[Field] = cap.Text;
        }
    }

    /// <summary>
    /// A timeout as gRPC writes it, as <c>1500m</c>; null for one that is absent, or malformed, or longer than a day.
    /// </summary>
    public static TimeSpan? Read(string? text)
    {
        bool isNumber = long.TryParse(
            text.AsSpan(0, Math.Max(0, (text?.Length ?? 0) - 1)),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long number);
        if (!isNumber || text is null || number > 99_999_999)
        {
            return null;
        }

        return text[^1] switch
        {
            'H' when number <= 24 => TimeSpan.FromHours(number),
            'M' when number <= 24 * 60 => TimeSpan.FromMinutes(number),
            'S' when number <= 24 * 60 * 60 => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMilliseconds(number),
            'u' => TimeSpan.FromMicroseconds(number),
            'n' => TimeSpan.FromTicks(number / 100),
            _ => null,
        };
    }

    private static FrozenDictionary<string, Cap> Make(Contracts contracts, EdgeOptions options) => (
        from service in contracts.Services
        from method in service.Methods
        let seconds = method.Name.StartsWith("Quote", StringComparison.Ordinal)
            ? options.QuoteSecondsMax
            : MethodTimes.PaceOf(method) switch
            {
                MethodPace.Stream => 0,
                MethodPace.LongChange => options.LongCallSecondsMax,
                _ => options.CallSecondsMax,
            }
        where seconds > 0
        select KeyValuePair.Create(
            $"/{service.FullName}/{method.Name}",
            new Cap(TimeSpan.FromSeconds(seconds), string.Create(CultureInfo.InvariantCulture, $"{seconds}S"))))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private readonly record struct Cap(TimeSpan Time, string Text);
}

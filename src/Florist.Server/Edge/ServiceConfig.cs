using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Florist.Server.Gateway;
using Google.Protobuf.Reflection;

namespace Florist.Server.Edge;

/// <summary>
/// The gRPC service config for clients (AIP-4221): how long to wait for each method and what to repeat. Made of the
/// contracts.
/// </summary>
/// <param name="contracts">The contracts.</param>
internal sealed class ServiceConfig(Contracts contracts)
{
    private const int AttemptsMax = 4;

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lazy<string> json = new(() => Make(contracts));

    /// <summary>The config as JSON.</summary>
    public string ToJson() => json.Value;

    private static string Make(Contracts contracts)
    {
        var groups =
            from service in contracts.Services
            from method in service.Methods
            let pace = MethodTimes.PaceOf(method)
            where pace != MethodPace.Stream
            group method by (pace, repeatable: MethodTimes.IsRepeatable(method)) into same
            orderby same.Key.pace, same.Key.repeatable descending
            select Config(same.Key.pace, same.Key.repeatable, same);
        JsonObject config = new()
        {
            ["methodConfig"] = new JsonArray([.. groups]),

            // Clients stop repeating while more than about one call in ten fails, so that they do not keep a server
            // down that comes back.
            ["retryThrottling"] = new JsonObject { ["maxTokens"] = 100, ["tokenRatio"] = 0.1 },
        };
        return config.ToJsonString(Readable) + "\n";
    }

    private static JsonObject Config(MethodPace pace, bool repeatable, IEnumerable<MethodDescriptor> methods)
    {
        JsonObject config = new()
        {
            ["name"] = new JsonArray([.. methods.Select(method => new JsonObject
            {
                ["service"] = method.Service.FullName,
                ["method"] = method.Name,
            })]),
            ["timeout"] = string.Create(
                CultureInfo.InvariantCulture, $"{MethodTimes.AdvisedTo(pace)?.TotalSeconds ?? 0}s"),
        };
        if (repeatable)
        {
            config["retryPolicy"] = new JsonObject
            {
                ["maxAttempts"] = AttemptsMax,
                ["initialBackoff"] = "0.2s",
                ["maxBackoff"] = "2s",
                ["backoffMultiplier"] = 2,
                ["retryableStatusCodes"] = new JsonArray("UNAVAILABLE"),
            };
        }

        return config;
    }
}

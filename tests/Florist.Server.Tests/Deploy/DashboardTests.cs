using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Florist.Server.Tests.Auth;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Deploy;

/// <summary>What the dashboard and the alerts ask for, a running server measures.</summary>
public sealed partial class DashboardTests(LocalServer server) : IClassFixture<LocalServer>
{
    private static readonly string Deploy = Path.Combine(NpmFolder.RepositoryRoot, "deploy");

    private static JsonNode Dashboard { get; } =
        JsonNode.Parse(File.ReadAllText(Path.Combine(Deploy, "grafana", "florist.json")))!;

    private static IEnumerable<JsonNode> Panels => Dashboard["panels"]!.AsArray().OfType<JsonNode>();

    [Fact]
    public void Every_panel_has_a_place_of_its_own_and_asks_something()
    {
        JsonNode[] graphs = [.. Panels.Where(panel => (string?)panel["type"] != "row")];

        Assert.Equal(Panels.Count(), Panels.Select(panel => (int)panel["id"]!).Distinct().Count());
        Assert.True(graphs.Length >= 15, $"only {graphs.Length} panels");
        Assert.All(graphs, graph => Assert.NotEmpty(Expressions(graph)));
        Assert.All(graphs, graph => Assert.InRange((int)graph["gridPos"]!["x"]! + (int)graph["gridPos"]!["w"]!, 1, 24));
        Assert.Equal(
            Panels.Count(),
            Panels.Select(panel => ((int)panel["gridPos"]!["x"]!, (int)panel["gridPos"]!["y"]!)).Distinct().Count());
    }

    [Fact]
    public async Task The_server_exports_everything_that_dashboard_and_alerts_name()
    {
        // Histograms and some counters appear with the first thing that they count.
        await SampleRequests.OfAnna(server.Address);
        using HttpClient client = new() { BaseAddress = server.Pages };
        string text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        HashSet<string> exported = [.. Sample().Matches(text).Select(sample => sample.Groups["name"].Value)];
        IEnumerable<string> asked = Panels.SelectMany(Expressions)
            .Concat((await Alerts()).Select(alert => (string)alert["expr"]!))
            .SelectMany(expression => Named().Matches(expression).Select(name => name.Value))
            .Distinct();

        Assert.NotEmpty(asked);
        Assert.Empty(asked.Except(exported));
    }

    [Fact]
    public async Task Every_alert_says_how_bad_it_is_and_where_it_is_written_what_to_do()
    {
        string[] chapters = [.. File.ReadLines(Path.Combine(NpmFolder.RepositoryRoot, "docs", "operating.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => "docs/operating.md#" + line[3..].ToLowerInvariant().Replace(' ', '-'))];
        List<JsonNode> alerts = await Alerts();

        Assert.Equal(alerts.Count, alerts.Select(alert => (string?)alert["alert"]).Distinct().Count());
        Assert.All(alerts, alert => Assert.Contains((string?)alert["labels"]?["severity"], (string[])["page", "ticket"]));
        Assert.All(alerts, alert => Assert.Contains((string?)alert["annotations"]?["runbook"], chapters));
        Assert.All(
            alerts.Select(alert => (string)alert["expr"]!).Concat(Panels.SelectMany(Expressions)),
            expression => Assert.Equal(expression.Count(c => c == '('), expression.Count(c => c == ')')));
    }

    private static IEnumerable<string> Expressions(JsonNode panel) =>
        panel["targets"] is JsonArray targets ? targets.Select(target => (string)target!["expr"]!) : [];

    private static async Task<List<JsonNode>> Alerts()
    {
        JsonNode document = Assert.Single(await Yaml.Read(Path.Combine(Deploy, "prometheus", "alerts.yaml")));
        return [.. document["groups"]!.AsArray().SelectMany(group => group!["rules"]!.AsArray()).OfType<JsonNode>()];
    }

    [GeneratedRegex(@"^(?<name>[a-z_0-9]+)(\{| )", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\b(florist|orleans|http_server|dotnet)_[a-z0-9_]+\b")]
    private static partial Regex Named();
}

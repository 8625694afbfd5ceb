using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Florist.Server.Tests.Testing;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Deploy;

/// <summary>
/// Reads what <c>deploy/</c> holds as its readers would. Whether it runs can only be seen where there is an engine.
/// </summary>
public sealed partial class ManifestTests(LocalServer server) : IClassFixture<LocalServer>
{
    private static readonly string Folder = Path.Combine(NpmFolder.RepositoryRoot, "deploy");

    [Theory]
    [InlineData("kubernetes/florist.yaml")]
    [InlineData("kubernetes/cluster.yaml")]
    public async Task Containers_run_without_rights_with_limits_and_probes(string file)
    {
        List<JsonNode> documents = await Read(file);

        Assert.All(documents, document => Assert.NotNull(document["kind"]));
        Assert.All(documents, document => Assert.NotNull(document["metadata"]?["name"]));
        JsonNode[] pods = [.. documents.Select(document => document["spec"]?["template"]?["spec"]).OfType<JsonNode>()];
        Assert.NotEmpty(pods);
        foreach (JsonNode pod in pods)
        {
            Assert.True((bool?)pod["securityContext"]?["runAsNonRoot"]);
            foreach (JsonNode container in ((JsonArray)pod["containers"]!).OfType<JsonNode>())
            {
                Assert.True((bool?)container["securityContext"]?["readOnlyRootFilesystem"]);
                Assert.False((bool?)container["securityContext"]?["allowPrivilegeEscalation"] ?? true);
                Assert.NotNull(container["resources"]?["limits"]?["memory"]);
                Assert.Equal("/readyz", (string?)container["readinessProbe"]?["httpGet"]?["path"]);
            }
        }
    }

    [Theory]
    [InlineData("kubernetes/florist.yaml")]
    [InlineData("kubernetes/cluster.yaml")]
    public async Task Secrets_stand_in_no_manifest(string file)
    {
        IEnumerable<JsonNode> variables = (await Read(file))
            .Select(document => document["spec"]?["template"]?["spec"]?["containers"])
            .OfType<JsonArray>()
            .SelectMany(containers => containers.OfType<JsonNode>())
            .SelectMany(container => (container["env"] as JsonArray ?? []).OfType<JsonNode>())
            .Where(variable => Secret().IsMatch((string)variable["name"]!));

        Assert.NotEmpty(variables);
        Assert.All(variables, variable => Assert.NotNull(variable["valueFrom"]?["secretKeyRef"]));
    }

    [Fact]
    public async Task Two_processes_share_a_database_in_compose()
    {
        JsonNode compose = Assert.Single(await Read("compose.yaml"));

        foreach (string service in (string[])["first", "second"])
        {
            JsonNode one = compose["services"]![service]!;
            Assert.Equal(["--standby"], ((JsonArray)one["command"]!).Select(argument => (string?)argument));
            Assert.True((bool?)one["read_only"]);
            string? database = (string?)one["environment"]!["Storage__ConnectionString"];
            Assert.StartsWith("Host=db", database, StringComparison.Ordinal);
        }

        Assert.Empty(compose["services"]!.AsObject().Select(s => s.Key).Except(["db", "first", "second"]));
    }

    [Fact]
    public void The_image_is_built_of_files_that_exist_and_runs_without_rights()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "Dockerfile"));

        foreach (Match copy in Copied().Matches(text))
        {
            Assert.All(copy.Groups["files"].Value.Split(' '), file => Assert.True(
                Path.Exists(Path.Combine(NpmFolder.RepositoryRoot, file)), file));
        }

        Assert.Contains("USER 1654", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_unit_starts_a_verb_that_exists_with_few_rights()
    {
        string text = File.ReadAllText(Path.Combine(Folder, "florist.service"));

        Assert.Contains("ExecStart=/opt/florist/Florist.Server serve --data ", text, StringComparison.Ordinal);
        Assert.Contains("NoNewPrivileges=yes", text, StringComparison.Ordinal);
        Assert.Contains("ProtectSystem=strict", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task What_the_probes_ask_is_answered(string path)
    {
        using HttpClient client = new() { BaseAddress = server.Pages };
        using HttpResponseMessage response = await client.GetAsync(path, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static Task<List<JsonNode>> Read(string file) => Yaml.Read(Path.Combine(Folder, file));

    [GeneratedRegex("Key|ConnectionString|Token|Password")]
    private static partial Regex Secret();

    [GeneratedRegex(@"^COPY (?!--)(?<files>[^\n]+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copied();
}

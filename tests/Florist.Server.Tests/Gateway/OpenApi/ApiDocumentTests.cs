using System.Text.Json.Nodes;
using Florist.Server.Gateway;
using Florist.Server.Gateway.OpenApi;
using Florist.Tests.Testing.Npm;
using Google.Protobuf.Reflection;

namespace Florist.Server.Tests.Gateway.OpenApi;

public sealed class ApiDocumentTests
{
    /// <summary>Validates the document that it is given against the published schema of OpenAPI.</summary>
    private const string Script = """
        import { Validator } from "@seriousme/openapi-schema-validator";
        import fs from "node:fs";
        const validator = new Validator();
        const result = await validator.validate(JSON.parse(fs.readFileSync(process.argv[2], "utf8")));
        console.log(validator.version, result.valid, JSON.stringify(result.errors ?? []));
        """;

    private static readonly Contracts Contracts = new();
    private static readonly RouteTable Routes = new(Contracts);
    private static readonly ApiDocument Document = new(Contracts, Routes);

    [Fact]
    public async Task The_document_is_valid_by_the_published_schema()
    {
        NpmFolder npm = await NpmFolder.Install("openapi", ["@seriousme/openapi-schema-validator@2.11.0"]);
        string script = Path.Combine(npm.Folder, "validate.mjs");
        string document = Path.Combine(npm.Folder, "openapi.json");
        await File.WriteAllTextAsync(script, Script, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(document, Document.ToJson(), TestContext.Current.CancellationToken);

        ToolRun run = await Tool.Run(
            "node", [script, document], npm.Folder, TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal("3.1 true []", run.Output.Trim());
    }

    [Fact]
    public void Every_route_is_an_operation_with_its_parameters_and_body()
    {
        JsonObject paths = (JsonObject)Json()["paths"]!;

        foreach (HttpRoute route in Routes.Routes)
        {
            IEnumerable<JsonNode?> operations = paths.SelectMany(path => (JsonObject)path.Value!).Select(o => o.Value);
            JsonNode operation = Assert.Single(
                operations, o => (string?)o!["operationId"] == $"{route.Method.Service.Name}_{route.Method.Name}")!;
            Assert.Equal(route.BodyField.Length > 0, operation["requestBody"] is not null);
            Assert.NotEqual("", (string?)operation["description"]);
        }
    }

    [Fact]
    public void Every_element_of_the_contracts_has_a_comment()
    {
        ContractComments comments = new();
        IEnumerable<IDescriptor> elements = Contracts.Files.SelectMany(file =>
            file.Services.SelectMany(service => service.Methods.Cast<IDescriptor>().Append(service))
                .Concat(file.MessageTypes.SelectMany(Parts))
                .Concat(file.EnumTypes.SelectMany(Parts)));

        Assert.Empty(elements.Where(element => comments[element].Length == 0).Select(element => element.FullName));
    }

    [Fact]
    public void Examples_are_requests_that_the_parser_takes()
    {
        foreach (HttpRoute route in Routes.Routes.Where(route => route.BodyField.Length > 0))
        {
            MessageDescriptor body = route.BodyField == HttpRoute.WholeRequest
                ? route.Method.InputType
                : route.Method.InputType.FindFieldByName(route.BodyField).MessageType;
            JsonObject example = new Examples(new ResourceNames(Contracts)).Of(body);

            bool failed = RequestJson.Read(body, System.Text.Encoding.UTF8.GetBytes(example.ToJsonString()))
                .Failed(out Kernel.Fault? fault, out _);

            Assert.False(failed, $"{route.Method.FullName}: {fault?.Text} in {example.ToJsonString()}");
        }
    }

    [Fact]
    public void The_page_shows_every_method_and_loads_nothing_from_elsewhere()
    {
        string page = new DocsPage(Document).ToHtml();

        Assert.All(Routes.Routes, route => Assert.Contains(
            $"id=\"{route.Method.Service.Name}_{route.Method.Name}\"", page, StringComparison.Ordinal));
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
    }

    private static JsonNode Json() => JsonNode.Parse(Document.ToJson())!;

    private static IEnumerable<IDescriptor> Parts(MessageDescriptor message) =>
        message.Fields.InDeclarationOrder().Cast<IDescriptor>()
            .Concat(message.NestedTypes.Where(nested => !nested.GetOptions()?.MapEntry ?? true).SelectMany(Parts))
            .Concat(message.EnumTypes.SelectMany(Parts))
            .Append(message);

    private static IEnumerable<IDescriptor> Parts(EnumDescriptor type) => type.Values.Cast<IDescriptor>().Append(type);
}

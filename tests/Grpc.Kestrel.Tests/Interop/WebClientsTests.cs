using Florist.Tests.Testing.Npm;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Interop;

/// <summary>The cases that browsers can take part in: with their clients in Node.js, and in a browser.</summary>
public class WebClientsTests(WebNodeRun node, ChromiumRun chromium)
    : IClassFixture<WebNodeRun>, IClassFixture<ChromiumRun>
{
    private static readonly string[] Unary =
    [
        "empty_unary", "large_unary", "custom_metadata", "special_status_message", "unimplemented_method",
        "unimplemented_service",
    ];

    private static readonly string[] Streams =
    [
        "server_streaming", "status_code_and_message", "cancel_after_first_response", "timeout_on_sleeping_server",
    ];

    public static TheoryData<string> Names =>
    [
        .. Unary.Concat(Streams).Select(name => "connect-web " + name),
        .. Unary.Concat(Streams).Select(name => "grpc-web text " + name),
        .. Unary.Select(name => "grpc-web binary " + name),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public Task In_node_passes(string name) => node.Check(name);

    [Theory]
    [MemberData(nameof(Names))]
    public Task On_a_page_of_another_origin_in_chromium_passes(string name) => chromium.Check(name);

    [Fact]
    public async Task No_case_is_left_out()
    {
        Assert.Equal(26, (await node.Names()).Count());
        Assert.Equal(26, (await chromium.Names()).Count());
    }
}

/// <summary>The cases with the clients of browsers in Node.js.</summary>
public sealed class WebNodeRun : InteropRun
{
    internal static readonly string[] Packages =
    [
        "@bufbuild/protobuf@2.17.0", "@connectrpc/connect@2.2.0", "@connectrpc/connect-web@2.2.0", "grpc-web@2.1.1",
        "playwright-core@1.65.1",
    ];

    private protected override async Task<(string Program, string[] Arguments)> Prepare(InteropServer server)
    {
        NpmFolder npm = await NpmFolder.Install("grpc-web", Packages);
        return ("node", [Script("web_node.mjs"), npm.Folder, Address(server), server.Descriptors]);
    }

    internal static string Address(InteropServer server) => server.Http1.GetLeftPart(UriPartial.Authority);
}

/// <summary>The same cases on a page in headless Chromium.</summary>
public sealed class ChromiumRun : InteropRun
{
    private const string Chromium = "/usr/bin/chromium";

    private protected override async Task<(string Program, string[] Arguments)> Prepare(InteropServer server)
    {
        Assert.SkipUnless(File.Exists(Chromium), "chromium is not installed");
        NpmFolder npm = await NpmFolder.Install("grpc-web", WebNodeRun.Packages);
        return ("node",
            [Script("web_chromium.mjs"), npm.Folder, WebNodeRun.Address(server), server.Descriptors, Chromium]);
    }
}

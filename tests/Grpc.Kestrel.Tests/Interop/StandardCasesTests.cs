using Florist.Tests.Testing.Npm;
using Grpc.Kestrel.Tests.Testing;

namespace Grpc.Kestrel.Tests.Interop;

/// <summary>The standard interoperability cases, as the clients of Node.js and Python run them.</summary>
public class StandardCasesTests(NodeRun node, PythonRun python) : IClassFixture<NodeRun>, IClassFixture<PythonRun>
{
    private static readonly string[] Cases =
    [
        "empty_unary", "large_unary", "client_compressed_unary", "server_compressed_unary", "client_streaming",
        "server_streaming", "ping_pong", "empty_stream", "custom_metadata", "status_code_and_message",
        "special_status_message", "unimplemented_method", "unimplemented_service", "cancel_after_begin",
        "cancel_after_first_response", "timeout_on_sleeping_server",
    ];

    public static TheoryData<string> Names => [.. Cases];

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_client_of_node_passes(string name) => node.Check(name);

    [Theory]
    [MemberData(nameof(Names))]
    public Task The_client_of_python_passes(string name) => python.Check(name);

    [Theory]
    [InlineData("reflection")]
    [InlineData("health")]
    public Task The_client_of_python_finds_its_way_by(string name) => python.Check(name);

    [Fact]
    public async Task No_case_is_left_out()
    {
        Assert.Equal(Cases, await node.Names());
        Assert.Equal([.. Cases, "reflection", "health"], await python.Names());
    }
}

/// <summary>The cases with <c>@grpc/grpc-js</c>.</summary>
public sealed class NodeRun : InteropRun
{
    private protected override async Task<(string Program, string[] Arguments)> Prepare(InteropServer server)
    {
        NpmFolder npm = await NpmFolder.Install("grpc-js", ["@grpc/grpc-js@1.14.7"]);
        string proto = Path.Combine(AppContext.BaseDirectory, "grpc_testing.proto");
        return ("node", [Script("node_cases.mjs"), npm.Folder, server.Http2.Authority, proto]);
    }
}

/// <summary>The cases with <c>grpcio</c>, as Debian packages it.</summary>
public sealed class PythonRun : InteropRun
{
    // Other interpreters on the PATH do not see the packages of the distribution.
    private const string Python = "/usr/bin/python3";

    private protected override async Task<(string Program, string[] Arguments)> Prepare(InteropServer server)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed");
        ToolRun import = await Tool.Run(
            Python,
            ["-c", "import grpc, google.protobuf"],
            AppContext.BaseDirectory,
            TimeSpan.FromMinutes(1),
            cancellation);
        Assert.SkipUnless(import.ExitCode == 0, "python3-grpcio and python3-protobuf are not installed");
        return (Python, [Script("grpcio_cases.py"), server.Http2.Authority, server.Descriptors]);
    }
}

using System.Text.Json;
using Florist.Server.Commands;
using Florist.Tests.Testing.Npm;

namespace Florist.Server.Tests.Peers;

/// <summary>A front end on Node.js, which knows the contract only from its protos.</summary>
internal sealed class FrontEnd : IAsyncDisposable
{
    private static readonly string[] Packages = ["@grpc/grpc-js@1.14.7", "@grpc/proto-loader@0.8.1"];

    private static readonly string[] Contract =
        ["florist/customers/v1/customers.proto", "florist/orders/v1/orders.proto"];

    private readonly LinePeer _peer;

    private FrontEnd(LinePeer peer)
    {
        _peer = peer;
    }

    /// <summary>Starts it; skips the test where node is missing.</summary>
    public static async Task<FrontEnd> Start(Uri server)
    {
        NpmFolder npm = await NpmFolder.Install("front-end", Packages);
        string root = NpmFolder.RepositoryRoot;
        string script = Path.Combine(root, "tests", "Florist.Server.Tests", "Peers", "front-end.cjs");
        string[] arguments = [script, server.Authority, Path.Combine(root, "protos"), .. Contract];
        return new FrontEnd(new LinePeer("node", arguments, npm.Folder));
    }

    /// <summary>Calls a method that has one answer.</summary>
    public async Task<JsonElement> Call(string principal, string service, string method, object request) =>
        await (await Begin(principal, service, method, request)).Heard();

    /// <summary>Calls a method.</summary>
    /// <param name="principal">Who calls, as <c>customer:7q2x</c>.</param>
    /// <param name="service">Full name of the service.</param>
    /// <param name="method">Name of the method.</param>
    /// <param name="request">The request, with the contract's names.</param>
    public Task<LinePeer.PeerCall> Begin(string principal, string service, string method, object request) =>
        _peer.Begin(new()
        {
            ["service"] = service,
            ["method"] = method,
            ["token"] = TokenCommand.TokenOf(principal),
            ["request"] = request,
        });

    public ValueTask DisposeAsync() => _peer.DisposeAsync();
}

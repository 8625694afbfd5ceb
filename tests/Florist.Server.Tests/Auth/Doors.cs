using System.Reflection;
using System.Text;
using Florist.Protos.Orders.V1;
using Florist.Server.Tour;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;

namespace Florist.Server.Tests.Auth;

/// <summary>Every RPC of the contract, and who is let in where.</summary>
internal static class Doors
{
    /// <summary>The product's services, in order of their names.</summary>
    public static IEnumerable<ServiceDescriptor> Services =>
        from type in typeof(Order).Assembly.GetTypes()
        let descriptor = type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)
        where descriptor?.PropertyType == typeof(FileDescriptor)
        let file = (FileDescriptor?)descriptor.GetValue(null)
        where file.Package.StartsWith("florist.", StringComparison.Ordinal)
        from service in file.Services
        orderby service.FullName
        select service;

    /// <summary>
    /// Lets each principal call each RPC of a running server; answers a table of those who were let in.
    /// </summary>
    /// <param name="address">Where it serves gRPC.</param>
    /// <param name="samples">What they ask for.</param>
    /// <param name="principals">Names in the table, and who that is; null has no token.</param>
    public static async Task<string> Try(
        Uri address, SampleRequests samples, IReadOnlyList<(string Name, string? Principal)> principals)
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(address);
        CallInvoker invoker = channel.CreateCallInvoker();
        StringBuilder matrix = new();
        foreach (ServiceDescriptor service in Services)
        {
            matrix.Append(service.Name).Append('\n');
            foreach (MethodDescriptor method in service.Methods)
            {
                byte[] request = samples.For(method).ToByteArray();
                List<string> admitted = [];
                foreach ((string name, string? principal) in principals)
                {
                    bool open = await IsOpen(invoker, method, request, principal);
                    admitted.Add(open ? name : new string(' ', name.Length));
                }

                matrix.Append($"  {method.Name,-24}{string.Join(' ', admitted)}".TrimEnd()).Append('\n');
            }
        }

        return matrix.ToString().TrimEnd();
    }

    /// <summary>
    /// Calls a method of any kind with one request, which is how all of them begin on the wire, and answers how that
    /// went: OK when an answer came.
    /// </summary>
    public static async Task<StatusCode> Knock(
        CallInvoker invoker, MethodDescriptor method, byte[] request, Metadata headers) =>
        (await Ask(invoker, method, request, headers)).Status;

    /// <summary>Calls as <see cref="Knock"/> does, and keeps the first answer; empty when none came.</summary>
    public static async Task<(StatusCode Status, byte[] Answer)> Ask(
        CallInvoker invoker, MethodDescriptor method, byte[] request, Metadata headers)
    {
        Method<byte[], byte[]> called =
            new(MethodType.DuplexStreaming, method.Service.FullName, method.Name, Bytes, Bytes);
        CallOptions options = new(headers, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(30));
        using AsyncDuplexStreamingCall<byte[], byte[]> call = invoker.AsyncDuplexStreamingCall(called, null, options);
        try
        {
            await call.RequestStream.WriteAsync(request);
            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // A call that is refused at once may be over before its request is written; how, the answers say.
        }

        try
        {
            bool hasAnswer = await call.ResponseStream.MoveNext(CancellationToken.None);
            return (StatusCode.OK, hasAnswer ? call.ResponseStream.Current : []);
        }
        catch (RpcException refused)
        {
            return (refused.StatusCode, []);
        }
    }

    private static async Task<bool> IsOpen(
        CallInvoker invoker, MethodDescriptor method, byte[] request, string? principal)
    {
        StatusCode status = await Knock(
            invoker, method, request, principal is null ? [] : TourClients.As(principal));
        StatusCode refusal = principal is null ? StatusCode.Unauthenticated : StatusCode.PermissionDenied;
        Assert.True(
            status == refusal || status is StatusCode.OK or StatusCode.InvalidArgument or StatusCode.NotFound
                or StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.ResourceExhausted,
            $"{method.FullName} answers {principal ?? "nobody"} {status}");
        return status != refusal;
    }

    /// <summary>Messages as they are on the wire.</summary>
    public static Marshaller<byte[]> Bytes { get; } = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);
}

using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;

namespace Grpc.Kestrel.Tests.Fuzz;

/// <summary>Looks at everything that a call brings and keeps nothing.</summary>
internal sealed class FuzzService : Probe.Probe.ProbeBase
{
    public override Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context) =>
        Task.FromResult(new ProbeReply { Number = context.RequestHeaders.Count });

    public override async Task<ProbeReply> Collect(
        IAsyncStreamReader<ProbeRequest> requestStream, ServerCallContext context)
    {
        int count = 0;
        while (await requestStream.MoveNext())
        {
            count++;
        }

        return new ProbeReply { Number = count + context.RequestHeaders.Count };
    }
}

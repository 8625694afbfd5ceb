using Grpc.Core;
using Grpc.Kestrel.Tests.Probe;

namespace Grpc.Kestrel.Tests.Testing;

/// <summary>Serves a call by making another one, as the test says.</summary>
internal sealed class RelayService(Func<ProbeRequest, ServerCallContext, Task<ProbeReply>> pass) : Probe.Probe.ProbeBase
{
    public override Task<ProbeReply> Unary(ProbeRequest request, ServerCallContext context) => pass(request, context);
}

using Florist.Kernel;
using Florist.Protos.Sandbox.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Florist.Sandbox;

/// <summary>gRPC face of the sandbox clock.</summary>
internal sealed class SandboxService(
    TimeProvider time, IEngineDriver engine) : Protos.Sandbox.V1.SandboxService.SandboxServiceBase
{
    private static readonly TimeSpan AdvanceMax = TimeSpan.FromDays(800);
    private static readonly SemaphoreSlim OneAtATime = new(1);

    public override Task<Clock> GetClock(GetClockRequest request, ServerCallContext context) =>
        Task.FromResult(ToProto(Sandbox(), 0));

    public override async Task<Clock> AdvanceClock(AdvanceClockRequest request, ServerCallContext context)
    {
        SandboxClock clock = Sandbox();
        await OneAtATime.WaitAsync(context.CancellationToken);
        try
        {
            DateTimeOffset target = Target(request, clock.GetUtcNow()).OrThrow();
            int work = await AdvanceTo(clock, target, context.CancellationToken);
            return ToProto(clock, work);
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    // From due instant to due instant, so that what falls due on the way happens at its own time.
    private async Task<int> AdvanceTo(SandboxClock clock, DateTimeOffset target, CancellationToken cancellationToken)
    {
        int work = await engine.RunDue(cancellationToken);
        while (await engine.NextDue(cancellationToken) is { } next && next <= target)
        {
            clock.AdvanceTo(next);
            work += await engine.RunDue(cancellationToken);
        }

        clock.AdvanceTo(target);
        return work + await engine.RunDue(cancellationToken);
    }

    private static Outcome<DateTimeOffset> Target(AdvanceClockRequest request, DateTimeOffset now)
    {
        DateTimeOffset? target = request.TargetCase switch
        {
            AdvanceClockRequest.TargetOneofCase.Duration when request.Duration.Seconds <= AdvanceMax.TotalSeconds =>
                now + request.Duration.ToTimeSpan(),
            AdvanceClockRequest.TargetOneofCase.UntilTime => request.UntilTime.ToDateTimeOffset(),
            _ => null,
        };
        string field = request.TargetCase == AdvanceClockRequest.TargetOneofCase.UntilTime ? "until_time" : "duration";
        return target is { } instant && instant >= now && instant <= now + AdvanceMax
            ? instant
            : Fault.Invalid(field, "OUT_OF_RANGE", $"must lie between now and {AdvanceMax.TotalDays} days ahead");
    }

    private SandboxClock Sandbox() => time as SandboxClock ?? throw Fault.Refused(
        "SANDBOX_ONLY", "the clock can be turned only on a server of the Development environment").ToException();

    private static Clock ToProto(SandboxClock clock, int work) => new()
    {
        CurrentTime = clock.GetUtcNow().ToTimestamp(),
        Offset = clock.Offset.ToDuration(),
        WorkCount = work,
    };
}

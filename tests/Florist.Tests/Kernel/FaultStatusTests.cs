using Florist.Kernel;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Orleans.Runtime;
using Orleans.Storage;
using Status = Google.Rpc.Status;

namespace Florist.Tests.Kernel;

public sealed class FaultStatusTests
{
    [Fact]
    public void Every_kind_of_fault_has_a_status_of_its_own()
    {
        FaultKind[] kinds = System.Enum.GetValues<FaultKind>();

        StatusCode[] codes = [.. kinds.Select(FaultStatus.CodeOf).Distinct()];

        Assert.Equal(kinds.Length, codes.Length);
        Assert.DoesNotContain(StatusCode.OK, codes);
        Assert.DoesNotContain(StatusCode.Unknown, codes);
    }

    [Fact]
    public void The_exception_carries_reason_domain_and_values_in_its_trailer()
    {
        RpcException thrown = Fault.Refused("PAST_CUT_OFF", "the shop takes no more orders for 2026-02-14")
            .With("deliveryDate", "2026-02-14").ToException();

        Status status = DetailsOf(thrown);
        ErrorInfo info = Detail<ErrorInfo>(status);
        Assert.Equal(StatusCode.FailedPrecondition, thrown.StatusCode);
        Assert.Equal((int)StatusCode.FailedPrecondition, status.Code);
        Assert.Equal("PAST_CUT_OFF", info.Reason);
        Assert.Equal("florist", info.Domain);
        Assert.Equal("2026-02-14", info.Metadata["deliveryDate"]);
        Assert.Equal("PAST_CUT_OFF", Detail<PreconditionFailure>(status).Violations[0].Type);
    }

    public static TheoryData<Exception, StatusCode, string> Exceptions => new()
    {
        { new StorageOverloadedException("4096 writes"), StatusCode.ResourceExhausted, "OVERLOADED" },
        { new LimitExceededException("1000 calls wait"), StatusCode.ResourceExhausted, "OVERLOADED" },
        { new InconsistentStateException("conflict"), StatusCode.Aborted, "CONCURRENT_CHANGE" },
        {
            new InconsistentStateException("gate", new InconsistentStateException("conflict")),
            StatusCode.Aborted,
            "CONCURRENT_CHANGE"
        },
        {
            new InconsistentStateException("gate", new StorageOutcomeUnknownException("commit", new IOException())),
            StatusCode.Unavailable,
            "OUTCOME_UNKNOWN"
        },
        { new TimeoutException("30 s"), StatusCode.Unavailable, "OUTCOME_UNKNOWN" },
        { new OperationCanceledException("expired before placement"), StatusCode.Unavailable, "OUTCOME_UNKNOWN" },
        { new OrleansException("stopping"), StatusCode.Unavailable, "UNAVAILABLE" },
        { new InvalidOperationException("Mrs. Miller"), StatusCode.Internal, "INTERNAL" },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void What_is_nobodys_fault_has_a_status_that_tells_how_to_go_on(
        Exception exception, StatusCode code, string reason)
    {
        RpcException thrown = FaultStatus.OfException(exception);

        Assert.Equal(code, thrown.StatusCode);
        Assert.Equal(reason, Detail<ErrorInfo>(DetailsOf(thrown)).Reason);
        Assert.DoesNotContain(exception.Message, thrown.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_wrong_field_is_named_with_its_path_and_reason()
    {
        FieldChecks checks = new();
        checks.Text("customer.given_name", " ", 50);
        checks.That(false, "customer.birth_date", "IN_FUTURE", "must not be in the future");

        BadRequest bad = Detail<BadRequest>(Assert.IsType<Fault>(checks.Fault).ToStatus());

        Assert.Equal(
            ["customer.given_name REQUIRED", "customer.birth_date IN_FUTURE"],
            bad.FieldViolations.Select(violation => $"{violation.Field} {violation.Reason}"));
    }

    [Fact]
    public void Details_stay_small_and_say_how_many_fields_were_left_out()
    {
        FieldChecks checks = new();
        for (int i = 0; i < 500; i++)
        {
            checks.Add($"customer.recipients[{i}].address.postal_code", "TOO_LONG", new string('x', 100));
        }

        Status status = Assert.IsType<Fault>(checks.Fault).ToStatus();

        int named = Detail<BadRequest>(status).FieldViolations.Count;
        Assert.InRange(status.CalculateSize(), 1, 4200);
        Assert.InRange(named, 1, 499);
        Assert.Equal(
            (500 - named).ToString(System.Globalization.CultureInfo.InvariantCulture),
            Detail<ErrorInfo>(status).Metadata["fieldsLeftOut"]);
    }

    [Fact]
    public void A_limit_that_passes_says_when_to_try_again()
    {
        Fault fault = Fault.TooMany("RATE", "slow down") with { RetryAfter = TimeSpan.FromSeconds(3) };

        Status status = fault.ToStatus();

        Assert.Equal(3, Detail<RetryInfo>(status).RetryDelay.Seconds);
        Assert.Equal("RATE", Detail<QuotaFailure>(status).Violations[0].Subject);
    }

    private static Status DetailsOf(RpcException thrown) => Status.Parser.ParseFrom(
        thrown.Trailers.GetValueBytes(FaultStatus.DetailsTrailer));

    private static T Detail<T>(Status status)
        where T : Google.Protobuf.IMessage, new() =>
        status.Details.Single(any => any.Is(new T().Descriptor)).Unpack<T>();
}

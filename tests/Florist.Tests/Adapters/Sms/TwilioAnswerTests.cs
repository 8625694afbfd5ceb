using System.Net;
using System.Text;
using Florist.Adapters.Sms;
using Florist.Messaging;

namespace Florist.Tests.Adapters.Sms;

public class TwilioAnswerTests
{
    [Theory]
    [InlineData(201, """{"sid":"SM1"}""", SendKind.Accepted, SendProblem.None)]
    [InlineData(200, """{"sid":"SM1"}""", SendKind.Accepted, SendProblem.None)]
    [InlineData(302, "", SendKind.Deferred, SendProblem.Configuration)]
    [InlineData(400, """{"code":21211}""", SendKind.Rejected, SendProblem.InvalidAddress)]
    [InlineData(400, """{"code":21610}""", SendKind.Rejected, SendProblem.OptedOut)]
    [InlineData(400, """{"code":21611}""", SendKind.Deferred, SendProblem.Throttled)]
    [InlineData(400, """{"code":99999}""", SendKind.Rejected, SendProblem.None)]
    [InlineData(400, """{"code":"21211"}""", SendKind.Deferred, SendProblem.Unavailable)]
    [InlineData(400, "<html>no</html>", SendKind.Deferred, SendProblem.Unavailable)]
    [InlineData(400, null, SendKind.Deferred, SendProblem.Unavailable)]
    [InlineData(401, """{"code":20003}""", SendKind.Deferred, SendProblem.Configuration)]
    [InlineData(403, "", SendKind.Deferred, SendProblem.Configuration)]
    [InlineData(404, """{"code":20404}""", SendKind.Deferred, SendProblem.Configuration)]
    [InlineData(407, "", SendKind.Deferred, SendProblem.Unavailable)]
    [InlineData(408, "", SendKind.Uncertain, SendProblem.None)]
    [InlineData(429, "", SendKind.Deferred, SendProblem.Throttled)]
    [InlineData(429, null, SendKind.Deferred, SendProblem.Throttled)]
    [InlineData(500, """{"code":20500}""", SendKind.Uncertain, SendProblem.None)]
    [InlineData(502, "<html>", SendKind.Uncertain, SendProblem.None)]
    [InlineData(503, null, SendKind.Uncertain, SendProblem.None)]
    [InlineData(504, "[]", SendKind.Uncertain, SendProblem.None)]
    public void A_status_and_body_mean(int status, string? body, SendKind kind, SendProblem problem)
    {
        SendOutcome outcome = TwilioAnswer.Of(
            (HttpStatusCode)status, body is null ? null : Encoding.UTF8.GetBytes(body), null, "key");

        Assert.Equal((kind, problem), (outcome.Kind, outcome.Problem));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"sid":7}""")]
    public void An_acceptance_without_a_sid_is_known_by_the_message_key(string body) =>
        Assert.Equal(
            "key", TwilioAnswer.Of(HttpStatusCode.Created, Encoding.UTF8.GetBytes(body), null, "key").ProviderId);

    [Theory]
    [InlineData(20003, SendProblem.Configuration)]
    [InlineData(21612, SendProblem.Unroutable)]
    [InlineData(30003, SendProblem.Unavailable)]
    [InlineData(30004, SendProblem.OptedOut)]
    [InlineData(30005, SendProblem.InvalidAddress)]
    [InlineData(30006, SendProblem.NotMobile)]
    [InlineData(30007, SendProblem.ContentRefused)]
    [InlineData(12345, SendProblem.None)]
    public void An_error_of_a_callback_means(int code, SendProblem problem) =>
        Assert.Equal(problem, TwilioErrors.ProblemOf(code));
}

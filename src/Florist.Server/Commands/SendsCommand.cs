using System.CommandLine;
using Florist.Kernel;
using Florist.Protos.Operations.V1;
using Channel = Florist.Protos.Customers.V1.Customer.Types.Channel;
using Kind = Florist.Protos.Messaging.V1.Message.Types.Kind;

namespace Florist.Server.Commands;

/// <summary><c>sends</c>: keeps messages to customers from leaving, and lets them leave again.</summary>
internal static class SendsCommand
{
    /// <summary>The verb, with one verb a deed below it.</summary>
    public static Command Make() => new("sends", "Pauses and resumes messages to customers.")
    {
        Pause(),
        Resume(),
        Status(),
    };

    private static Command Pause()
    {
        Option<Channel> channel = new("--channel") { Description = "Only this channel: Email, Sms or Push." };
        Option<Kind> kind = new("--kind") { Description = "Only this kind, as OccasionReminder." };
        Option<string> reason = Reason();
        return OperatorsLine.Verb(
            "pause",
            """
            Keeps messages from leaving until they are resumed, also after a restart. When it returns nothing more is
            handed to a provider. What waits leaves later, unless it has become useless by then. Exit code 0: paused;
            2: paused, but attempts that had begun before have not ended; 1: the server refuses or cannot be reached.
            """,
            [channel, kind, reason],
            async (parsed, desk) =>
            {
                PauseSendsResponse answer = await desk.Client.PauseSendsAsync(
                    new PauseSendsRequest
                    {
                        Channel = parsed.GetValue(channel),
                        Kind = parsed.GetValue(kind),
                        Reason = parsed.GetRequiredValue(reason),
                    },
                    desk.Call);
                desk.Print(answer, () => answer.UnderWayCount == 0
                    ? [$"{answer.SendPause.Name} is paused."]
                    : [$"{answer.SendPause.Name} is paused; {answer.UnderWayCount} attempts have not ended."]);
                return answer.UnderWayCount == 0 ? 0 : OperatorsLine.Attention;
            });
    }

    private static Command Resume()
    {
        Option<string> name = new("--name")
        {
            Description = "The pause, as status names it: sendPauses/sms.",
            Required = true,
        };
        Option<string> reason = Reason();
        return OperatorsLine.Verb(
            "resume",
            "Ends a pause; what waited leaves at once. Exit code 0: resumed; 1: there is no such pause, or the server "
                + "refuses or cannot be reached.",
            [name, reason],
            async (parsed, desk) =>
            {
                SendPause pause = await desk.Client.ResumeSendsAsync(
                    new ResumeSendsRequest
                    {
                        Name = parsed.GetRequiredValue(name),
                        Reason = parsed.GetRequiredValue(reason),
                    },
                    desk.Call);
                desk.Print(pause, () => [$"{pause.Name} is resumed."]);
                return 0;
            });
    }

    private static Command Status() => OperatorsLine.Verb(
        "status",
        "Lists the pauses. Exit code 0: there are none; 2: there are some; 1: the server refuses or cannot be reached.",
        [],
        async (_, desk) =>
        {
            ListSendPausesResponse page = await desk.Client.ListSendPausesAsync(
                new ListSendPausesRequest { PageSize = PageRequest.SizeMax }, desk.Call);
            desk.Print(page, () => page.SendPauses.Count == 0
                ? ["Nothing is paused."]
                : OperatorsDesk.Table(
                    ["since", "name", "channel", "kind", "by", "why"],
                    page.SendPauses.Select(pause => (string[])
                    [
                        OperatorsDesk.Instant(pause.CreateTime), pause.Name, OperatorsDesk.Word(pause.Channel),
                        OperatorsDesk.Word(pause.Kind), pause.Actor, pause.Reason,
                    ])));
            return page.SendPauses.Count == 0 ? 0 : OperatorsLine.Attention;
        });

    private static Option<string> Reason() => new("--reason")
    {
        Description = "Why, for the record; at most 200 characters.",
        Required = true,
    };
}

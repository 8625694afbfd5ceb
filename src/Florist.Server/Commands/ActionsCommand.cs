using System.CommandLine;
using System.Globalization;
using Florist.Protos.Operations.V1;

namespace Florist.Server.Commands;

/// <summary><c>actions</c>: what operators did.</summary>
internal static class ActionsCommand
{
    /// <summary>The verb.</summary>
    public static Command Make()
    {
        Option<string> filter = new("--filter")
        {
            Description = "Which, as 'actor = \"staff:kim\"'. Fields: actor, verb, subject, create_time.",
            DefaultValueFactory = _ => "",
        };
        Option<int> max = new("--max") { Description = "At most so many (1 to 1000).", DefaultValueFactory = _ => 50 };
        return OperatorsLine.Verb(
            "actions",
            "Lists what operators did, the latest first: who, when, what and why. Exit code 0: listed; 2: there are "
                + "more; 1: the server refuses or cannot be reached.",
            [filter, max],
            async (parsed, desk) =>
            {
                ListOperatorActionsResponse page = await desk.Client.ListOperatorActionsAsync(
                    new ListOperatorActionsRequest
                    {
                        Filter = parsed.GetRequiredValue(filter),
                        PageSize = parsed.GetValue(max),
                    },
                    desk.Call);
                desk.Print(page, () => OperatorsDesk.Table(
                    ["when", "who", "what", "items", "done", "why", "of what"],
                    page.OperatorActions.Select(action => (string[])
                    [
                        OperatorsDesk.Instant(action.CreateTime), action.Actor, action.Verb,
                        action.ItemCount.ToString(CultureInfo.InvariantCulture), action.Completed ? "yes" : "begun",
                        action.Reason, action.Subject,
                    ])));
                return page.NextPageToken.Length > 0 ? OperatorsLine.Attention : 0;
            });
    }
}

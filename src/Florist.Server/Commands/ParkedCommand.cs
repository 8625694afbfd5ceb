using System.CommandLine;
using System.Globalization;
using Florist.Protos.Operations.V1;

namespace Florist.Server.Commands;

/// <summary><c>parked</c>: what waits for an operator, and what becomes of it.</summary>
internal static class ParkedCommand
{
    private const string ExitCodes =
        "Exit code 0: done; 2: done, and more is left; 1: the server refuses or cannot be reached.";

    /// <summary>The verb, with one verb a deed below it.</summary>
    public static Command Make() => new(
        "parked", "Wake-ups, messages, sends and reports that will not go on before an operator has looked at them.")
    {
        List(),
        Act("retry", "Sets parked items going again.", Retry),
        Act("drop", "Gives parked items up; what they were about records it.", Drop),
    };

    private static Command List()
    {
        Option<string> filter = new("--filter")
        {
            Description = "Which, as 'source = MESSAGE AND subject = \"orders.authorize_payment\"'. Fields: source "
                + "(WAKE, MESSAGE, SEND, REPORT), subject, key, reason, attempt_count, park_time.",
            DefaultValueFactory = _ => "",
        };
        Option<int> max = new("--max")
        {
            Description = "At most so many (1 to 1000).",
            DefaultValueFactory = _ => 50,
        };
        return OperatorsLine.Verb(
            "list",
            "Lists what is parked, the longest waiting first, with why and since when. " + ExitCodes,
            [filter, max],
            async (parsed, desk) =>
            {
                ListParkedItemsResponse page = await desk.Client.ListParkedItemsAsync(
                    new ListParkedItemsRequest
                    {
                        Filter = parsed.GetRequiredValue(filter),
                        PageSize = parsed.GetValue(max),
                    },
                    desk.Call);
                desk.Print(page, () => OperatorsDesk.Table(
                    ["since", "source", "subject", "reason", "tries", "name"],
                    page.ParkedItems.Select(item => (string[])
                    [
                        OperatorsDesk.Instant(item.ParkTime), OperatorsDesk.Word(item.Source), item.Subject,
                        item.Reason, item.AttemptCount.ToString(CultureInfo.InvariantCulture), item.Name,
                    ])));
                return page.NextPageToken.Length > 0 ? OperatorsLine.Attention : 0;
            });
    }

    private static Command Act(
        string name, string description, Func<OperatorsDesk, ParkedOrder, Task<(int Count, bool More)>> act)
    {
        Option<string[]> names = new("--name")
        {
            Description = "Which, by the name that list shows; may be given again.",
            AllowMultipleArgumentsPerToken = true,
        };
        Option<string> filter = new("--filter")
        {
            Description = "Which, by a filter as of list; instead of names. At most 500 a run.",
            DefaultValueFactory = _ => "",
        };
        Option<string> reason = new("--reason")
        {
            Description = "Why, for the record; at most 200 characters.",
            Required = true,
        };
        Option<string> requestId = new("--request-id")
        {
            Description = "A UUID that makes a repeat of this very order safe.",
            DefaultValueFactory = _ => "",
        };
        Option<bool> dryRun = new("--dry-run") { Description = "Only counts them." };
        return OperatorsLine.Verb(
            name,
            $"{description} {ExitCodes}",
            [names, filter, reason, requestId, dryRun],
            async (parsed, desk) =>
            {
                ParkedOrder order = new(
                    parsed.GetValue(names) ?? [],
                    parsed.GetRequiredValue(filter),
                    parsed.GetRequiredValue(reason),
                    parsed.GetRequiredValue(requestId),
                    parsed.GetValue(dryRun));
                (_, bool more) = await act(desk, order);
                return more ? OperatorsLine.Attention : 0;
            });
    }

    private static async Task<(int Count, bool More)> Retry(OperatorsDesk desk, ParkedOrder order)
    {
        RetryParkedItemsResponse answer = await desk.Client.RetryParkedItemsAsync(
            new RetryParkedItemsRequest
            {
                Names = { order.Names },
                Filter = order.Filter,
                Reason = order.Reason,
                RequestId = order.RequestId,
                ValidateOnly = order.DryRun,
            },
            desk.Call);
        string said = Said(order.DryRun ? "would be retried" : "retried", answer.RetriedCount, answer.More);
        desk.Print(answer, () => [said]);
        return (answer.RetriedCount, answer.More);
    }

    private static async Task<(int Count, bool More)> Drop(OperatorsDesk desk, ParkedOrder order)
    {
        DropParkedItemsResponse answer = await desk.Client.DropParkedItemsAsync(
            new DropParkedItemsRequest
            {
                Names = { order.Names },
                Filter = order.Filter,
                Reason = order.Reason,
                RequestId = order.RequestId,
                ValidateOnly = order.DryRun,
            },
            desk.Call);
        string said = Said(order.DryRun ? "would be dropped" : "dropped", answer.DroppedCount, answer.More);
        desk.Print(answer, () => [said]);
        return (answer.DroppedCount, answer.More);
    }

    private static string Said(string what, int count, bool more) => string.Create(
        CultureInfo.InvariantCulture, $"{count} {what}{(more ? "; there are more, run it again" : "")}.");

    private sealed record ParkedOrder(string[] Names, string Filter, string Reason, string RequestId, bool DryRun);
}

using Florist.Kernel;
using Microsoft.Extensions.Options;

namespace Florist.Messaging;

/// <summary>
/// Messages: first the text and the address go, then the rest. One whose outcome an operator has to say something to
/// stays.
/// </summary>
internal sealed class MessageKeeping(IOptions<RetentionOptions> options) : IRowKeeping
{
    public string Kind => MessageRecord.RowKind;

    public RowFate FateOf(string body, DateTimeOffset now)
    {
        MessageRecord message = FloristJson.Read<MessageRecord>(body);
        TimeSpan age = now - message.OccurredAt;
        if (!message.IsOver || age < TimeSpan.FromDays(options.Value.MessageTextsDays))
        {
            return RowFate.Kept;
        }

        if (age >= TimeSpan.FromDays(options.Value.MessagesDays) && message.State != MessageState.Uncertain)
        {
            return RowFate.Gone;
        }

        MessageRecord poorer = message with { Model = null, To = null, Subject = null };
        return poorer == message ? RowFate.Kept : RowFate.Becomes(FloristJson.Write(poorer));
    }
}

using Florist.Messaging;
using Microsoft.Extensions.Logging;

namespace Florist.Adapters.Email;

internal static partial class EmailLog
{
    [LoggerMessage(5101, LogLevel.Warning, "E-mail {MessageKey} is {Kind} ({Problem}, {Code}): {Text}")]
    public static partial void NotAccepted(
        ILogger log, string messageKey, SendKind kind, SendProblem problem, string? code, string text);

    [LoggerMessage(5102, LogLevel.Information, "E-mails are written to {Folder}: no submission server is configured")]
    public static partial void WritingToFolder(ILogger log, string folder);
}

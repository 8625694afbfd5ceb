using Microsoft.Extensions.Logging;

namespace Florist.Vouchers;

/// <summary>
/// Log messages of vouchers, ids 1900 to 1999. A code is worth money to who reads it here after its time.
/// </summary>
internal static partial class VouchersLog
{
    [LoggerMessage(1900, LogLevel.Information, "Voucher {Code} issued")]
    public static partial void Issued(ILogger log, string code);
}

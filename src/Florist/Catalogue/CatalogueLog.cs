using Microsoft.Extensions.Logging;

namespace Florist.Catalogue;

internal static partial class CatalogueLog
{
    [LoggerMessage(1500, LogLevel.Information, "Catalogue {Edition} loaded: {BouquetCount} bouquets")]
    public static partial void Loaded(ILogger log, string edition, int bouquetCount);
}

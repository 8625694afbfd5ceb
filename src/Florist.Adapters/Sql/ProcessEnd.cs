using Florist.Kernel;

namespace Florist.Adapters.Sql;

/// <summary>
/// Ends the process without running anything more: no finaliser, no shutdown handler, no further write.
/// </summary>
internal sealed class ProcessEnd : IFatal
{
    /// <inheritdoc/>
    public void End(string reason, Exception cause) =>
        Environment.FailFast($"Florist ends because its storage cannot be trusted: {reason}", cause);
}

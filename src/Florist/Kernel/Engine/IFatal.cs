namespace Florist.Kernel;

/// <summary>
/// Ends the process at once when going on could lose what was promised: after a failed fsync a second one may claim
/// success with the data gone, so the only safe next step is to start again from what is on the disk.
/// </summary>
public interface IFatal
{
    /// <summary>Ends the process, without handing control back in production.</summary>
    /// <param name="reason">What happened, for operators.</param>
    /// <param name="cause">The error that showed it.</param>
    void End(string reason, Exception cause);
}

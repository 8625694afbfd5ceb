using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace Florist.Kernel;

/// <summary>
/// Named places between two steps where the process may die, so that tests can let it die exactly there. The
/// environment variable <see cref="Variable"/> arms one of them, as <c>storage.commit#3</c>: at the third time that it
/// is passed the process kills itself with SIGKILL, which no handler sees. Unarmed a point costs one comparison.
/// </summary>
public static class CrashPoint
{
    /// <summary>The environment variable that arms a point: its name and, after <c>#</c>, at which pass.</summary>
    public const string Variable = "FLORIST_CRASH";

    /// <summary>The database is open and migrated; it is not taken over yet.</summary>
    public const string StorageOpen = "storage.open";

    /// <summary>A batch is about to begin.</summary>
    public const string StorageBegin = "storage.begin";

    /// <summary>A grain's state is written within the transaction.</summary>
    public const string StorageState = "storage.state";

    /// <summary>A grain's wake-up is written within the transaction.</summary>
    public const string StorageWake = "storage.wake";

    /// <summary>A grain's outbox messages are written within the transaction.</summary>
    public const string StorageOutbox = "storage.outbox";

    /// <summary>A grain's rows are written within the transaction.</summary>
    public const string StorageRows = "storage.rows";

    /// <summary>All writes of a batch are made; COMMIT comes next.</summary>
    public const string StorageCommit = "storage.commit";

    /// <summary>COMMIT has returned; nobody has been told.</summary>
    public const string StorageCommitted = "storage.committed";

    /// <summary>One writer of a durable batch is about to be told; others of the batch may have been.</summary>
    public const string StorageSettle = "storage.settle";

    /// <summary>The write-ahead log is about to be moved into the database.</summary>
    public const string StorageCheckpoint = "storage.checkpoint";

    /// <summary>The write-ahead log was moved into the database.</summary>
    public const string StorageCheckpointed = "storage.checkpointed";

    /// <summary>At an ordinary stop: all writes are made, the database is not yet marked as closed.</summary>
    public const string StorageDrain = "storage.drain";

    /// <summary>A call was carried out; its answer has not left.</summary>
    public const string EdgeReply = "edge.reply";

    /// <summary>An outbox message was taken up; no handler has seen it.</summary>
    public const string OutboxClaimed = "outbox.claimed";

    /// <summary>An outbox message was handled and the outcome recorded; its row still stands.</summary>
    public const string OutboxHandled = "outbox.handled";

    /// <summary>A due wake-up was taken up; its grain has not been woken.</summary>
    public const string WakeClaimed = "wake.claimed";

    /// <summary>A grain was woken and has committed; the wake service does not know it yet.</summary>
    public const string WakeHandled = "wake.handled";

    /// <summary>The intent to send a message is durable; the provider has not been called.</summary>
    public const string SendIntent = "send.intent";

    /// <summary>The provider has answered; the outcome is not recorded.</summary>
    public const string SendAnswered = "send.answered";

    /// <summary>The intent to call the payment provider is durable; it has not been called.</summary>
    public const string PaymentIntent = "payment.intent";

    /// <summary>The payment provider has answered; the order does not know.</summary>
    public const string PaymentAnswered = "payment.answered";

    /// <summary>All parts of the server run; it has not said so.</summary>
    public const string ServerStarted = "server.started";

    /// <summary>The server was told to stop and has not begun to.</summary>
    public const string ServerDrain = "server.drain";

    /// <summary>All points.</summary>
    public static readonly ImmutableArray<string> All =
    [
        StorageOpen, StorageBegin, StorageState, StorageWake, StorageOutbox, StorageRows, StorageCommit,
        StorageCommitted, StorageSettle, StorageCheckpoint, StorageCheckpointed, StorageDrain, EdgeReply,
        OutboxClaimed, OutboxHandled, WakeClaimed, WakeHandled, SendIntent, SendAnswered, PaymentIntent,
        PaymentAnswered, ServerStarted, ServerDrain,
    ];

    private static readonly Fuse? Armed = Fuse.Read(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Says that this point is passed; does not return where it is armed and the count is reached.</summary>
    /// <param name="point">One of <see cref="All"/>.</param>
    public static void Hit(string point) => Armed?.Hit(point);

    /// <summary>What is armed.</summary>
    internal sealed record Fuse(string Point, int Pass)
    {
        private int passes;

        /// <summary>Reads the variable; null when it is not set.</summary>
        /// <exception cref="FormatException">It is set to something that names no point.</exception>
        public static Fuse? Read(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            string[] parts = text.Split('#');
            int pass = 1;
            bool isWellFormed = All.Contains(parts[0]) && parts.Length <= 2
                && (parts.Length == 1
                    || (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out pass) && pass > 0));
            return isWellFormed
                ? new Fuse(parts[0], pass)
                : throw new FormatException($"{Variable}={text} is not of the form POINT#PASS with a known point");
        }

        /// <summary>Counts the pass.</summary>
        /// <returns>True at the armed pass, once.</returns>
        public bool Counts(string point) => point == Point && Interlocked.Increment(ref passes) == Pass;

        /// <summary>Counts the pass and ends the process at the armed one.</summary>
        public void Hit(string point)
        {
            if (Counts(point))
            {
                using Process self = Process.GetCurrentProcess();
                self.Kill();
            }
        }
    }
}

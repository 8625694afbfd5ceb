using Orleans.Runtime;

namespace Florist.Kernel;

// They derive from OrleansException because a grain host hands only those through from a storage as they are.

/// <summary>
/// More writes are waiting than the storage takes; nothing of this one was written. Try again shortly.
/// </summary>
public sealed class StorageOverloadedException(string message) : OrleansException(message);

/// <summary>
/// The commit failed in a way that leaves open whether it happened. Repeat the command with the same request id: the
/// repeat finds out.
/// </summary>
public sealed class StorageOutcomeUnknownException(string message, Exception inner)
    : OrleansException(message, inner);

/// <summary>The storage is closing or has failed; nothing of this write was written.</summary>
public sealed class StorageClosedException(string message) : OrleansException(message);

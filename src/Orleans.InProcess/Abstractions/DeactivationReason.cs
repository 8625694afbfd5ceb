namespace Orleans;

/// <summary>Why an activation ends.</summary>
public readonly struct DeactivationReason : IEquatable<DeactivationReason>
{
    /// <summary>States a reason.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="text">A sentence for the log.</param>
    public DeactivationReason(DeactivationReasonCode code, string text)
    {
        ReasonCode = code;
        Description = text;
    }

    /// <summary>States a reason that is an error.</summary>
    /// <param name="code">The kind of reason.</param>
    /// <param name="exception">What went wrong; null when nothing did.</param>
    /// <param name="text">A sentence for the log.</param>
    public DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
    {
        ReasonCode = code;
        Description = text;
        Exception = exception;
    }

    /// <summary>A sentence for the log.</summary>
    public string Description { get; }

    /// <summary>The kind of reason.</summary>
    public DeactivationReasonCode ReasonCode { get; }

    /// <summary>What went wrong; null when nothing did.</summary>
    public Exception? Exception { get; }

    /// <summary>Whether two reasons are the same.</summary>
    /// <param name="left">One reason.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when code, text and exception are the same.</returns>
    public static bool operator ==(DeactivationReason left, DeactivationReason right) => left.Equals(right);

    /// <summary>Whether two reasons differ.</summary>
    /// <param name="left">One reason.</param>
    /// <param name="right">The other.</param>
    /// <returns>True when code, text or exception differ.</returns>
    public static bool operator !=(DeactivationReason left, DeactivationReason right) => !left.Equals(right);

    /// <summary>Whether another reason is the same.</summary>
    /// <param name="other">The other reason.</param>
    /// <returns>True when code, text and exception are the same.</returns>
    public bool Equals(DeactivationReason other) => ReasonCode == other.ReasonCode
        && string.Equals(Description, other.Description, StringComparison.Ordinal)
        && ReferenceEquals(Exception, other.Exception);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DeactivationReason other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(ReasonCode, Description);

    /// <summary>Code, text and exception in one line.</summary>
    /// <returns>Text for a log.</returns>
    public override string ToString() => Exception is null
        ? $"{ReasonCode}: {Description}"
        : $"{ReasonCode}: {Description} ({Exception.GetType().Name})";
}

/// <summary>The kinds of reasons for which activations end.</summary>
public enum DeactivationReasonCode : byte
{
    /// <summary>No reason was given.</summary>
    None,

    /// <summary>The host stops.</summary>
    ShuttingDown,

    /// <summary>The grain could not be activated.</summary>
    ActivationFailed,

    /// <summary>The directory of activations failed. Never given by this host.</summary>
    DirectoryFailure,

    /// <summary>The activation was idle for long enough, or the longest when there were too many.</summary>
    ActivationIdle,

    /// <summary>A call ran for so long that the activation is given up.</summary>
    ActivationUnresponsive,

    /// <summary>Another activation of the grain exists. Never given by this host.</summary>
    DuplicateActivation,

    /// <summary>A call needs another version of the grain. Never given by this host.</summary>
    IncompatibleRequest,

    /// <summary>A call failed in a way that makes the memory of the activation doubtful.</summary>
    ApplicationError,

    /// <summary>The grain asked for it.</summary>
    ApplicationRequested,

    /// <summary>The grain moves to another host. Never given by this host.</summary>
    Migrating,

    /// <summary>The runtime decided it.</summary>
    RuntimeRequested,

    /// <summary>The process is short of memory. Never given by this host.</summary>
    HighMemoryPressure,
}

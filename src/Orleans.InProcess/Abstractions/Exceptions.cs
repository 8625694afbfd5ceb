namespace Orleans.Runtime
{
    /// <summary>A failure of the grain host or of a storage behind it.</summary>
    public class OrleansException : Exception
    {
        /// <summary>A failure without a message.</summary>
        public OrleansException()
        {
        }

        /// <summary>A failure.</summary>
        /// <param name="message">What failed.</param>
        public OrleansException(string message)
            : base(message)
        {
        }

        /// <summary>A failure with a cause.</summary>
        /// <param name="message">What failed.</param>
        /// <param name="innerException">The cause; null when there is none.</param>
        public OrleansException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>A call went to an interface that the grain does not have.</summary>
    public sealed class GrainExtensionNotInstalledException : OrleansException
    {
        /// <summary>A failure without a message.</summary>
        public GrainExtensionNotInstalledException()
        {
        }

        /// <summary>A failure.</summary>
        /// <param name="message">What failed.</param>
        public GrainExtensionNotInstalledException(string message)
            : base(message)
        {
        }

        /// <summary>A failure with a cause.</summary>
        /// <param name="message">What failed.</param>
        /// <param name="innerException">The cause; null when there is none.</param>
        public GrainExtensionNotInstalledException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>
    /// Too many calls wait for one activation. The call was not begun, and may be repeated when there is less to do.
    /// </summary>
    public sealed class LimitExceededException : OrleansException
    {
        /// <summary>A failure without a message.</summary>
        public LimitExceededException()
        {
        }

        /// <summary>A failure.</summary>
        /// <param name="message">Which limit was exceeded.</param>
        public LimitExceededException(string message)
            : base(message)
        {
        }

        /// <summary>A failure with a cause.</summary>
        /// <param name="message">Which limit was exceeded.</param>
        /// <param name="innerException">The cause; null when there is none.</param>
        public LimitExceededException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The grain of a stream of results was deactivated before the stream ended.</summary>
    internal sealed class EnumerationAbortedException(string message) : Exception(message);
}

namespace Orleans.Storage
{
    /// <summary>
    /// A record was not written because its stored version is not the one that was read. The activation that meets this
    /// is dropped, so that the next call reads the record anew.
    /// </summary>
    public class InconsistentStateException : Orleans.Runtime.OrleansException
    {
        /// <summary>A conflict without details.</summary>
        public InconsistentStateException()
        {
        }

        /// <summary>A conflict.</summary>
        /// <param name="message">What was in conflict.</param>
        public InconsistentStateException(string message)
            : base(message)
        {
        }

        /// <summary>A conflict with a cause.</summary>
        /// <param name="message">What was in conflict.</param>
        /// <param name="innerException">The cause; null when there is none.</param>
        public InconsistentStateException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }

        /// <summary>A conflict between two versions.</summary>
        /// <param name="errorMsg">What was in conflict.</param>
        /// <param name="storedEtag">The version that is stored; null when unknown or none.</param>
        /// <param name="currentEtag">The version that was to be replaced; null when none.</param>
        public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
            : base(errorMsg)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>A conflict between two versions, with a cause.</summary>
        /// <param name="errorMsg">What was in conflict.</param>
        /// <param name="storedEtag">The version that is stored; null when unknown or none.</param>
        /// <param name="currentEtag">The version that was to be replaced; null when none.</param>
        /// <param name="storageException">The cause; null when there is none.</param>
        public InconsistentStateException(
            string errorMsg,
            string? storedEtag,
            string? currentEtag,
            Exception? storageException)
            : base(errorMsg, storageException)
        {
            StoredEtag = storedEtag;
            CurrentEtag = currentEtag;
        }

        /// <summary>The version that is stored; null when unknown or none.</summary>
        public string? StoredEtag { get; }

        /// <summary>The version that was to be replaced; null when none.</summary>
        public string? CurrentEtag { get; }

        /// <summary>
        /// False once the activation that met it was dropped: the callers it reaches are in no doubt.
        /// </summary>
        internal bool DropsActivation { get; set; } = true;
    }
}

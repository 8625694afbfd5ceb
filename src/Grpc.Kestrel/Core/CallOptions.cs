using System.Diagnostics.CodeAnalysis;

namespace Grpc.Core;

/// <summary>What a client says about a call, beside its messages.</summary>
public readonly struct CallOptions
{
    /// <summary>Makes options.</summary>
    /// <param name="headers">Metadata to send with the call; null for none.</param>
    /// <param name="deadline">When to stop waiting, in UTC; null for never.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <param name="writeOptions">How requests are written; null for the defaults.</param>
    /// <param name="propagationToken">The call on whose behalf this one is made; null for none.</param>
    /// <param name="credentials">Credentials for this call; null for those of the channel.</param>
    [SuppressMessage("Design", "CA1068", Justification = "The order is part of the published surface.")]
    public CallOptions(
        Metadata? headers = null,
        DateTime? deadline = default,
        CancellationToken cancellationToken = default,
        WriteOptions? writeOptions = null,
        ContextPropagationToken? propagationToken = null,
        CallCredentials? credentials = null)
    {
        Headers = headers;
        Deadline = deadline;
        CancellationToken = cancellationToken;
        WriteOptions = writeOptions;
        PropagationToken = propagationToken;
        Credentials = credentials;
    }

    /// <summary>Metadata to send with the call; null for none.</summary>
    public Metadata? Headers { get; private init; }

    /// <summary>When to stop waiting, in UTC; null for never.</summary>
    public DateTime? Deadline { get; private init; }

    /// <summary>Cancels the call.</summary>
    public CancellationToken CancellationToken { get; private init; }

    /// <summary>How requests are written; null for the defaults.</summary>
    public WriteOptions? WriteOptions { get; private init; }

    /// <summary>The call on whose behalf this one is made; null for none.</summary>
    public ContextPropagationToken? PropagationToken { get; private init; }

    /// <summary>Credentials for this call; null for those of the channel.</summary>
    public CallCredentials? Credentials { get; private init; }

    /// <summary>True when the call waits for a connection instead of failing without one.</summary>
    public bool IsWaitForReady { get; private init; }

    /// <summary>A copy with other metadata.</summary>
    /// <param name="headers">The metadata.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithHeaders(Metadata headers) => this with { Headers = headers };

    /// <summary>A copy with another deadline.</summary>
    /// <param name="deadline">When to stop waiting, in UTC.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithDeadline(DateTime deadline) => this with { Deadline = deadline };

    /// <summary>A copy with another token.</summary>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithCancellationToken(CancellationToken cancellationToken) =>
        this with { CancellationToken = cancellationToken };

    /// <summary>A copy with other write options.</summary>
    /// <param name="writeOptions">How requests are written.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithWriteOptions(WriteOptions writeOptions) => this with { WriteOptions = writeOptions };

    /// <summary>A copy made on behalf of another call.</summary>
    /// <param name="propagationToken">That call.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithPropagationToken(ContextPropagationToken propagationToken) =>
        this with { PropagationToken = propagationToken };

    /// <summary>A copy with other credentials.</summary>
    /// <param name="credentials">Credentials for this call.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithCredentials(CallCredentials credentials) => this with { Credentials = credentials };

    /// <summary>A copy that waits, or does not wait, for a connection.</summary>
    /// <param name="waitForReady">True to wait.</param>
    /// <returns>The copy.</returns>
    public CallOptions WithWaitForReady(bool waitForReady = true) => this with { IsWaitForReady = waitForReady };
}

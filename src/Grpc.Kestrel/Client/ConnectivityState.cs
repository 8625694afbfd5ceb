namespace Grpc.Core;

/// <summary>Whether a channel has a connection.</summary>
public enum ConnectivityState
{
    /// <summary>There is none, and none is being made.</summary>
    Idle = 0,

    /// <summary>One is being made.</summary>
    Connecting = 1,

    /// <summary>There is one.</summary>
    Ready = 2,

    /// <summary>One could not be made; another attempt may follow.</summary>
    TransientFailure = 3,

    /// <summary>The channel has been disposed of.</summary>
    Shutdown = 4,
}

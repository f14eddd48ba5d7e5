namespace Weft.Proxy.Tcp;

/// <summary>Why a tunnel ended, in the words of connection_termination_details (snake case in the log).</summary>
internal enum TunnelEnd : byte
{
    /// <summary>Both sides ended in good order.</summary>
    None,
    ListenerGone,
    ClusterNotFound,
    NoHealthyUpstream,
    IdentityNotReady,
    Overflow,
    ConnectFailed,
    IdleTimeout,
    ClientReset,
    UpstreamReset,
}

namespace Weft.Reactor;

/// <summary>Where a link is in its life. It only moves downwards.</summary>
public enum LinkState
{
    /// <summary>In the pool.</summary>
    Free,

    /// <summary>TCP connect under way.</summary>
    Connecting,

    /// <summary>TLS handshake under way.</summary>
    Handshaking,

    /// <summary>Carries data.</summary>
    Open,

    /// <summary>Over for the handler; <see cref="ILinkHandler.OnClosed"/> comes later in this turn.</summary>
    Closing,

    /// <summary>Without a handler: sends what was queued, then waits shortly for the peer's FIN so that no RST cuts off the last bytes.</summary>
    Draining,
}

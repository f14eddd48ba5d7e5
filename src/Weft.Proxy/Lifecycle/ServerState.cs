namespace Weft.Proxy.Lifecycle;

/// <summary>Envoy's server.state, with its numbers.</summary>
public enum ServerState
{
    Live = 0,
    Draining = 1,
    PreInitializing = 2,
    Initializing = 3,
}

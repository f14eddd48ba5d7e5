namespace Weft.Policy.Decide;

/// <summary>How a captured connection found its listener.</summary>
public enum ListenerMatch
{
    /// <summary>A listener has exactly the original destination's address and port.</summary>
    Exact,

    /// <summary>A listener on 0.0.0.0 (or ::) has its port.</summary>
    Wildcard,

    /// <summary>None has: the capturing listener keeps it (pass-through or black hole).</summary>
    Capturing,
}

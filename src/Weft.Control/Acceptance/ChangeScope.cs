namespace Weft.Control.Acceptance;

/// <summary>How far a change reaches; ordered.</summary>
public enum ChangeScope : byte
{
    /// <summary>Nothing that anybody could tell.</summary>
    None,

    /// <summary>Positions, diagnostics, bookkeeping: side tables follow, nothing is pushed.</summary>
    Positions,

    /// <summary>Pods, nodes, endpoints: pushed at once.</summary>
    Endpoints,

    /// <summary>Services and rules: debounced, then pushed.</summary>
    Configuration,
}

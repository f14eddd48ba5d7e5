namespace Weft.Local.Pods;

/// <summary>What stands at a pod's door.</summary>
public enum PodKind
{
    /// <summary>A workload with a proxy and redirection.</summary>
    Sidecar,

    /// <summary>A proxy alone.</summary>
    Router,

    /// <summary>A workload alone.</summary>
    Plain,
}

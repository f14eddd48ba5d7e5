namespace Weft.Serving.Discovery;

/// <summary>Istio's words for how far a proxy is with one type.</summary>
public enum SyncStatus : byte
{
    NotSent,
    Synced,
    Stale,
    Error,
}

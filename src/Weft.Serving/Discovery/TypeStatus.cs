using System;

namespace Weft.Serving.Discovery;

/// <summary>How far a proxy is with one type. Immutable.</summary>
/// <param name="TypeUrl">The type.</param>
/// <param name="Status">NOT SENT: nothing has gone out. STALE: sent, not answered. ERROR: the last answer was a rejection.</param>
/// <param name="Error">The proxy's words when it rejected; empty otherwise.</param>
/// <param name="Resources">How many the proxy should have.</param>
/// <param name="Age">Since the last send or answer; zero when there was none.</param>
public sealed record TypeStatus(string TypeUrl, SyncStatus Status, string Error, int Resources, TimeSpan Age)
{
    public string Word => Status switch { SyncStatus.Synced => "SYNCED", SyncStatus.Stale => "STALE", SyncStatus.Error => "ERROR", _ => "NOT SENT" };
}

using System.Threading;

namespace Weft.Proxy.Lifecycle;

/// <summary>
/// Whether this proxy should get traffic: it has a configuration and an identity, it is not draining, nobody asked it to fail.
/// One for a process; written by discovery, the signal handler and admin, read by everybody (loops too: one volatile read).
/// </summary>
public sealed class Health
{
    private const int Configured = 1;
    private const int Identified = 2;
    private const int Failed = 4;
    private const int Drains = 8;
    private const int Started = 16;
    private int _bits;

    /// <summary>True once the listeners accept.</summary>
    public bool HasStarted => Has(Started);

    /// <summary>True once a whole configuration was published.</summary>
    public bool HasConfiguration => Has(Configured);

    /// <summary>True once a certificate and a trust bundle are in use.</summary>
    public bool HasIdentity => Has(Identified);

    /// <summary>True from the first moment of a drain: answers say <c>connection: close</c>.</summary>
    public bool IsDraining => Has(Drains);

    /// <summary>True between <c>/healthcheck/fail</c> and <c>/healthcheck/ok</c>.</summary>
    public bool IsFailedByHand => Has(Failed);

    /// <summary>What 15021 says.</summary>
    public bool IsReady => (Volatile.Read(ref _bits) & (Configured | Identified | Failed | Drains | Started)) == (Configured | Identified | Started);

    /// <summary>Envoy's word for it.</summary>
    public ServerState State => IsDraining || IsFailedByHand ? ServerState.Draining
        : !HasStarted ? ServerState.PreInitializing
        : HasConfiguration && HasIdentity ? ServerState.Live
        : ServerState.Initializing;

    public void Start() => Set(Started);
    public void TakeConfiguration() => Set(Configured);
    public void TakeIdentity() => Set(Identified);
    public void Drain() => Set(Drains);
    public void FailByHand() => Set(Failed);
    public void RecoverByHand() => Interlocked.And(ref _bits, ~Failed);

    /// <summary>Why it is not ready, for the one who looks; empty if it is.</summary>
    public string Reason => IsReady ? ""
        : IsDraining ? "draining"
        : IsFailedByHand ? "failed by /healthcheck/fail"
        : !HasStarted ? "starting"
        : !HasConfiguration ? "no configuration yet"
        : "no identity yet";

    private bool Has(int bit) => (Volatile.Read(ref _bits) & bit) != 0;
    private void Set(int bit) => Interlocked.Or(ref _bits, bit);
}

using System.Runtime.InteropServices;
using System.Threading;

namespace Weft.Proxy.Balance;

/// <summary>
/// The circuit breakers of one cluster, counted for the whole process (xds.md C.7): connections, pending requests, requests, retries.
/// <c>TryAcquire…</c> and <c>Release…</c> come in pairs. Any loop; no lock.
/// </summary>
public sealed class BreakerCell
{
    private Counts _counts;

    public int Connections => Volatile.Read(ref _counts.Connections);
    public int Pending => Volatile.Read(ref _counts.Pending);
    public int Requests => Volatile.Read(ref _counts.Requests);
    public int Retries => Volatile.Read(ref _counts.Retries);

    public bool TryAcquireConnection(uint most) => TryAcquire(ref _counts.Connections, most);
    public bool TryAcquirePending(uint most) => TryAcquire(ref _counts.Pending, most);
    public bool TryAcquireRequest(uint most) => TryAcquire(ref _counts.Requests, most);
    public bool TryAcquireRetry(uint most) => TryAcquire(ref _counts.Retries, most);

    /// <summary>Counts a connection over the limit: each endpoint may always have one, or it could never be used (Envoy's rule).</summary>
    public void AcquireConnectionAnyway() => Interlocked.Increment(ref _counts.Connections);

    public void ReleaseConnection() => Interlocked.Decrement(ref _counts.Connections);
    public void ReleasePending() => Interlocked.Decrement(ref _counts.Pending);
    public void ReleaseRequest() => Interlocked.Decrement(ref _counts.Requests);
    public void ReleaseRetry() => Interlocked.Decrement(ref _counts.Retries);

    // Adds first and takes back when over: two loops at the limit may both be refused, never both let in.
    private static bool TryAcquire(ref int count, uint most)
    {
        if ((uint)Interlocked.Increment(ref count) <= most) return true;
        Interlocked.Decrement(ref count);
        return false;
    }

    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Counts
    {
        [FieldOffset(64)] public int Connections;
        [FieldOffset(68)] public int Pending;
        [FieldOffset(72)] public int Requests;
        [FieldOffset(76)] public int Retries;
    }
}

using System.Runtime.InteropServices;
using System.Threading;

namespace Weft.Proxy.Balance;

/// <summary>
/// What the whole process counts about one endpoint, on cache lines of its own: every loop adds and takes here, least request reads it.
/// Lives as long as some loop's pool refers to it; survives publishes.
/// </summary>
public sealed class EndpointCell
{
    private Counts _counts;

    /// <summary>Requests (for TCP: connections) in flight. Any thread.</summary>
    public int Active => Volatile.Read(ref _counts.Active);
    public long Total => Volatile.Read(ref _counts.Total);
    public long Successes => Volatile.Read(ref _counts.Successes);
    public long Errors => Volatile.Read(ref _counts.Errors);
    public int Connections => Volatile.Read(ref _counts.Connections);
    public long ConnectionsTotal => Volatile.Read(ref _counts.ConnectionsTotal);
    public long ConnectFailures => Volatile.Read(ref _counts.ConnectFailures);
    public long Timeouts => Volatile.Read(ref _counts.Timeouts);

    public void Begin()
    {
        Interlocked.Increment(ref _counts.Active);
        Interlocked.Increment(ref _counts.Total);
    }

    public void End(bool isSuccess)
    {
        Interlocked.Decrement(ref _counts.Active);
        if (isSuccess) Interlocked.Increment(ref _counts.Successes);
        else Interlocked.Increment(ref _counts.Errors);
    }

    public void Connect()
    {
        Interlocked.Increment(ref _counts.Connections);
        Interlocked.Increment(ref _counts.ConnectionsTotal);
    }

    public void Disconnect() => Interlocked.Decrement(ref _counts.Connections);
    public void FailConnect() => Interlocked.Increment(ref _counts.ConnectFailures);
    public void TimeOut() => Interlocked.Increment(ref _counts.Timeouts);

    // Two lines before and behind: neighbours on the heap are other cells that other loops write.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Counts
    {
        [FieldOffset(64)] public int Active;
        [FieldOffset(68)] public int Connections;
        [FieldOffset(72)] public long Total;
        [FieldOffset(80)] public long Successes;
        [FieldOffset(88)] public long Errors;
        [FieldOffset(96)] public long ConnectionsTotal;
        [FieldOffset(104)] public long ConnectFailures;
        [FieldOffset(112)] public long Timeouts;
    }
}

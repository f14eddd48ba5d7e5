using System;
using System.Threading;

namespace Weft.Proxy.Discovery;

/// <summary>
/// The present status; written by discovery's tasks, read by anyone. What a person on call wants to know of a change is a line of the log:
/// connected, lost and why, refused and why; a failure that repeats is said once.
/// </summary>
internal sealed class StatusCell(Action<string>? log)
{
    private DiscoveryStatus _current = new();

    public DiscoveryStatus Current => Volatile.Read(ref _current);

    /// <summary><paramref name="change"/> may run more than once.</summary>
    public void Update(Func<DiscoveryStatus, DiscoveryStatus> change)
    {
        while (true)
        {
            var before = Current;
            var after = change(before);
            if (!ReferenceEquals(Interlocked.CompareExchange(ref _current, after, before), before)) continue;
            if (log is not null) Tell(before, after, log);
            return;
        }
    }

    private static void Tell(DiscoveryStatus before, DiscoveryStatus after, Action<string> log)
    {
        if (after.LastError.Length > 0 && after.LastError != before.LastError) log($"warning: {after.LastError}; trying again, what is in force keeps serving");
        if (after.LastRejection.Length > 0 && after.LastRejection != before.LastRejection) log($"error: refused what the control plane sent: {after.LastRejection}");
        if (after.IsConnected && !before.IsConnected) log("info: connected to the control plane");
        if (after.HasIdentity && after.CertificateNotAfter != before.CertificateNotAfter) log($"info: certificate in force until {after.CertificateNotAfter:yyyy-MM-ddTHH:mm:ssZ}");
        if (after.IsReady && !before.IsReady) log($"info: first configuration in force, snapshot {after.Digest}");
    }
}

using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Weft.Serving.Publishing;

namespace Weft.Serving.Discovery;

/// <summary>All connected proxies. Any thread.</summary>
public sealed class ProxyRegistry
{
    private readonly ConcurrentDictionary<ProxyConnection, bool> _connections = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<ConnectionStatus> Statuses =>
        [.. _connections.Keys.Select(c => c.Status()).OrderBy(s => s.Proxy.Namespace, StringComparer.Ordinal).ThenBy(s => s.Proxy.Name, StringComparer.Ordinal)];

    public int Count => _connections.Count;

    internal void Add(ProxyConnection connection) => _connections[connection] = true;

    internal void Remove(ProxyConnection connection)
    {
        _connections.TryRemove(connection, out _);
        Changed();
    }

    /// <summary>Tells every connection that something new is in force.</summary>
    internal void WakeAll()
    {
        foreach (ProxyConnection connection in _connections.Keys)
        {
            connection.Wake();
        }

        Changed();
    }

    /// <summary>Some proxy's state moved: whoever waits for convergence looks again.</summary>
    internal void Changed() => Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>
    /// Waits until a version for which <paramref name="isReached"/> holds is in force and every connected proxy has accepted what it gives it. Returns who has not when <paramref name="timeout"/> is over; empty
    /// means all have.
    /// </summary>
    public async Task<IReadOnlyList<string>> WaitAsync(MeshPublisher publisher, Func<MeshVersion, bool> isReached, TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        long start = clock.GetTimestamp();
        while (true)
        {
            Task changed = Volatile.Read(ref _changed).Task;
            MeshVersion? current = publisher.Current;
            IReadOnlyList<string> missing = current is null || !isReached(current) ? ["weftd"] : Missing(current);
            TimeSpan left = timeout - clock.GetElapsedTime(start);
            if (missing.Count == 0 || left <= TimeSpan.Zero)
            {
                return missing;
            }

            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(changed, Task.Delay(left, clock, done.Token)).ConfigureAwait(false);
            await done.CancelAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Every replaced proxy of the same pod counts too: it may still carry traffic.</summary>
    private List<string> Missing(MeshVersion current) =>
        [.. Statuses.Where(s => s.Version < current.Number || !s.IsConverged).Select(s => s.Proxy.DisplayName)];
}

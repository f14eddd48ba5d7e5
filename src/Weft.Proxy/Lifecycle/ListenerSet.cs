using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Globalization;
using System.Threading;
using Weft.Native.Linux;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Proxy.Bootstrap;
using Weft.Proxy.Downstream;
using Weft.Proxy.Metrics;
using Weft.Proxy.Pool;
using Weft.Reactor;

namespace Weft.Proxy.Lifecycle;

/// <summary>
/// The sockets of the process: the two that capture a workload's traffic, and those that the configuration binds (gateways), each opened when its
/// listener comes and closed when it goes. A capturing socket is open from the start but accepts only once there is something to decide by, so that
/// connections wait in its backlog meanwhile. Changed by one thread at a time; never by a loop.
/// </summary>
internal sealed class ListenerSet : IDisposable
{
    /// <summary>The listeners that stand for the capture sockets in configuration, whatever ports the sockets really have (xds.md A.1, A.2).</summary>
    public static readonly IpPort OutboundCapture = new(IpAddress.AnyV4, 15001);
    public static readonly IpPort InboundCapture = new(IpAddress.AnyV4, 15006);

    private readonly Lock _gate = new();
    private readonly ProxyOptions _options;
    private readonly ProxyMetrics _metrics;
    private readonly LoopGroup _loops;
    private readonly Action<string> _log;
    private readonly Dictionary<IpPort, BoundListener> _bound = [];
    private readonly Dictionary<int, BoundListener> _doors = [];
    private readonly HashSet<IpPort> _failed = [];
    private readonly HashSet<IpPort> _wanted = [];
    private BoundListener? _outbound;
    private BoundListener? _inbound;
    private bool _isStopped;

    public ListenerSet(ProxyOptions options, ProxyMetrics metrics, LoopGroup loops, Action<string> log)
    {
        _options = options;
        _metrics = metrics;
        _loops = loops;
        _log = log;
    }

    /// <summary>The real port of the outbound capture socket; 0: none.</summary>
    public int OutboundPort => _outbound?.Socket.LocalAddress.Port ?? 0;
    public int InboundPort => _inbound?.Socket.LocalAddress.Port ?? 0;

    /// <summary>Opens what must be there before any configuration.</summary>
    /// <exception cref="Win32Exception">A port is taken or a descriptor is no socket.</exception>
    public void Open()
    {
        if (_options.Role == ProxyRole.Sidecar)
        {
            _outbound = OpenCapture(_options.OutboundDescriptor, _options.OutboundPort);
            _inbound = OpenCapture(_options.InboundDescriptor, _options.InboundPort);
        }
        foreach (var door in _options.Doors) _doors[door.Port] = new BoundListener(ListeningSocket.FromInherited(door.Descriptor), isInherited: true);
    }

    /// <summary>Begins to accept captured connections: there is a configuration, and an identity if one is needed.</summary>
    public void AcceptCaptured()
    {
        lock (_gate)
        {
            if (_isStopped) return;
            _outbound?.Accept(_loops, new Acceptor(ListenerSide.Outbound, OutboundCapture, _metrics.Listener("0.0.0.0_15001")));
            _inbound?.Accept(_loops, new Acceptor(ListenerSide.Inbound, InboundCapture, _metrics.Listener("0.0.0.0_15006")));
        }
    }

    /// <summary>Opens and closes gateway ports as the snapshot wants. <paramref name="snapshot"/> must be entered by the caller.</summary>
    public void Follow(MeshSnapshot snapshot)
    {
        lock (_gate)
        {
            if (_isStopped) return;
            // Publishes come by the hundred a second while endpoints change, and this thread's garbage stops the loops: reuse the set.
            var wanted = _wanted;
            wanted.Clear();
            for (int slot = 0; slot < snapshot.Slots(BlockKind.Listener); slot++)
            {
                var view = new ListenerView(snapshot.Block(BlockKind.Listener, slot));
                if (view.IsEmpty || !view.Root.BindToPort || IsCapture(view.Root.Endpoint)) continue;
                wanted.Add(view.Root.Endpoint);
            }
            foreach (var address in wanted)
            {
                if (!_bound.ContainsKey(address)) Bind(address);
            }
            List<IpPort>? gone = null;
            foreach (var address in _bound.Keys)
            {
                if (!wanted.Contains(address)) (gone ??= []).Add(address);
            }
            if (gone is not null)
            {
                foreach (var address in gone) Unbind(address);
            }
            if (_failed.Count > 0) _failed.IntersectWith(wanted);
        }
    }

    /// <summary>
    /// Stops taking connections from outside: inbound and gateway. Outbound goes on until the process ends, because a workload that finishes its work
    /// may still have to call others.
    /// </summary>
    public void StopInbound()
    {
        lock (_gate)
        {
            _inbound?.Stop(_loops);
            foreach (var listener in _bound.Values) listener.Stop(_loops);
            foreach (var door in _doors.Values) door.Stop(_loops);
            // Refused is better than waiting for nobody; an inherited socket waits for our successor.
            if (_inbound is { IsInherited: false }) _inbound.Socket.Dispose();
            foreach (var listener in _bound.Values) listener.Socket.Dispose();
            _bound.Clear();
            _isStopped = true;
        }
    }

    /// <summary>Name and address of each socket, for /listeners. Any thread.</summary>
    public List<(string Name, string Address)> Describe()
    {
        var list = new List<(string, string)>();
        lock (_gate)
        {
            if (_outbound is { IsAccepting: true } o) list.Add(("virtualOutbound", o.Socket.LocalAddress.ToString()));
            if (_inbound is { IsAccepting: true } i) list.Add(("virtualInbound", i.Socket.LocalAddress.ToString()));
            foreach (var (address, listener) in _bound) list.Add(($"{address.Address}_{address.Port}", listener.Socket.LocalAddress.ToString()));
        }
        return list;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            _outbound?.Socket.Dispose();
            _inbound?.Socket.Dispose();
            foreach (var listener in _bound.Values) listener.Socket.Dispose();
            foreach (var door in _doors.Values) door.Socket.Dispose();
        }
    }

    private bool IsCapture(in IpPort address) => _options.Role == ProxyRole.Sidecar && (address == OutboundCapture || address == InboundCapture);

    private static BoundListener OpenCapture(int descriptor, int port) => descriptor >= 0
        ? new BoundListener(ListeningSocket.FromInherited(descriptor), isInherited: true)
        : new BoundListener(ListeningSocket.Bind(IpEndpoint.IPv4(0, port)), isInherited: false);

    private void Bind(in IpPort address)
    {
        try
        {
            int series = _metrics.Listener(string.Create(CultureInfo.InvariantCulture, $"{address.Address}_{address.Port}"));
            var listener = new BoundListener(ListeningSocket.Bind(Endpoints.ToNative(address)), isInherited: false);
            listener.Accept(_loops, new Acceptor(ListenerSide.Gateway, address, series));
            _bound[address] = listener;
            if (_doors.TryGetValue(address.Port, out var door)) door.Accept(_loops, new Acceptor(ListenerSide.Gateway, address, series));
            _failed.Remove(address);
            _log($"info: listening on {listener.Socket.LocalAddress}");
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException)
        {
            // The rest of the configuration must not wait for one port; the next push tries again. Said once.
            if (_failed.Add(address)) _log($"error: {error.Message}");
        }
    }

    private void Unbind(in IpPort address)
    {
        if (!_bound.Remove(address, out var listener)) return;
        listener.Stop(_loops);
        listener.Socket.Dispose();
        if (_doors.TryGetValue(address.Port, out var door)) door.Stop(_loops);
        _log($"info: no longer listening on {address}");
    }
}

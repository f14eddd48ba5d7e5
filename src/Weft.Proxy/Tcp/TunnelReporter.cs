using System;
using System.Text;
using Weft.Native.OpenSsl;
using Weft.Policy.Blocks;
using Weft.Proxy.Downstream;
using Weft.Proxy.Http;
using Weft.Proxy.Pool;
using Weft.Reactor;
using Weft.Telemetry;
using Weft.Telemetry.AccessLog;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Tcp;

/// <summary>Metrics series and log line of a tunnel. Allocates only for label sets seen first.</summary>
internal static class TunnelReporter
{
    private static readonly byte[][] EndWords = Words();
    private static readonly byte[][] TransportWords = Utf8Names.Of<CloseReason>();
    private static readonly byte[][] TlsWords = Utf8Names.Of<TlsFailureKind>("TLS_error:");

    public static int Series(TcpTunnel tunnel)
    {
        var worker = tunnel.Worker;
        var connection = tunnel.Connection;
        bool isInbound = connection.Side == ListenerSide.Inbound;
        var source = isInbound ? worker.Peers.Find(worker.Snapshot, connection.Source.Address, connection.PeerSpiffeId) : worker.Own;
        var destination = isInbound ? worker.Own : tunnel.Record.UpstreamPeer ?? worker.Process.Peers.Unknown;
        var service = tunnel.Cluster?.Service ?? worker.Process.Peers.UnknownService;
        int security = !isInbound ? 0 : connection.PeerSpiffeId.IsEmpty ? 1 : 2;
        var key = new SeriesKey(
            ((ulong)(uint)source.Id << 32) | (uint)destination.Id,
            ((ulong)(uint)tunnel.Record.Flags << 32) | ((ulong)(uint)service.Id << 4) | (isInbound ? 4ul : 0) | (uint)security);
        if (worker.TcpSeries.TryGet(key, out int series)) return series;
        series = worker.Metrics.Istio.TcpSeries(new IstioLabels
        {
            Reporter = isInbound ? "destination" : "source",
            Source = source.Labels,
            Destination = destination.Labels,
            DestinationService = service.Service,
            DestinationServiceName = service.Name,
            DestinationServiceNamespace = service.Namespace,
            RequestProtocol = "tcp",
            ResponseFlags = ResponseFlagWords.Text(tunnel.Record.Flags),
            ConnectionSecurityPolicy = security switch { 2 => "mutual_tls", 1 => "none", _ => IstioLabels.Unknown },
        });
        worker.TcpSeries.Add(key, series);
        return series;
    }

    public static void Log(TcpTunnel tunnel)
    {
        var worker = tunnel.Worker;
        if (worker.AccessLog is not { } log) return;
        ref var record = ref tunnel.Record;
        var connection = tunnel.Connection;
        Span<byte> upstream = stackalloc byte[56];
        Span<byte> upstreamLocal = stackalloc byte[56];
        Span<byte> local = stackalloc byte[56];
        Span<byte> remote = stackalloc byte[56];
        int upstreamLength = 0;
        int upstreamLocalLength = 0;
        if (record.UpstreamHost != default) Endpoints.ToNative(record.UpstreamHost).TryFormat(upstream, out upstreamLength);
        if (!record.UpstreamLocal.IsNone) record.UpstreamLocal.TryFormat(upstreamLocal, out upstreamLocalLength);
        Endpoints.ToNative(connection.Destination).TryFormat(local, out int localLength);
        Endpoints.ToNative(connection.Source).TryFormat(remote, out int remoteLength);
        Span<byte> origin = stackalloc byte[384];
        log.Write(new AccessLogRecord
        {
            StartTimeMicroseconds = record.StartMicroseconds + worker.Process.WallClockOffsetMicroseconds,
            ResponseFlags = record.Flags,
            ConnectionTerminationDetails = EndWords[(int)record.End],
            UpstreamTransportFailureReason = record.TransportFailure == CloseReason.None || record.End != TunnelEnd.ConnectFailed
                ? default
                : record.TlsFailure != TlsFailureKind.None ? TlsWords[(int)record.TlsFailure] : TransportWords[(int)record.TransportFailure],
            BytesReceived = record.BytesReceived,
            BytesSent = record.BytesSent,
            DurationMilliseconds = (worker.NowMicroseconds - record.StartMicroseconds) / 1000,
            UpstreamHost = upstream[..upstreamLength],
            UpstreamCluster = tunnel.Cluster is { } cluster ? cluster.Utf8Name : default,
            UpstreamLocalAddress = upstreamLocal[..upstreamLocalLength],
            DownstreamLocalAddress = local[..localLength],
            DownstreamRemoteAddress = remote[..remoteLength],
            RequestedServerName = connection.ServerName,
            DownstreamPeerUriSan = record.Source is { } source ? source.Principal : default,
            UpstreamPeerUriSan = record.UpstreamPeer is { } peer ? peer.Principal : default,
            SnapshotDigest = record.Utf8Digest,
            Origin = Origin(tunnel, origin),
        });
    }

    private static ReadOnlySpan<byte> Origin(TcpTunnel tunnel, Span<byte> room)
    {
        var snapshot = tunnel.Worker.Snapshot;
        var connection = tunnel.Connection;
        if (!snapshot.IsAlive(BlockKind.Listener, connection.Listener)) return default;
        var listener = snapshot.Listener(connection.Listener);
        return connection.FilterChain >= 0 && connection.FilterChain <= listener.FilterChains.Length
            ? OriginText.Write(listener.Block, listener.Chain(connection.FilterChain).Origins, room)
            : default;
    }

    private static byte[][] Words()
    {
        var names = Enum.GetNames<TunnelEnd>();
        var words = new byte[names.Length][];
        for (int i = 0; i < names.Length; i++)
        {
            var text = new StringBuilder();
            foreach (char c in i == 0 ? "" : names[i])
            {
                if (char.IsUpper(c) && text.Length > 0) text.Append('_');
                text.Append(char.ToLowerInvariant(c));
            }
            words[i] = Encoding.ASCII.GetBytes(text.ToString());
        }
        return words;
    }
}

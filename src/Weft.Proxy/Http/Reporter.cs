using System;
using Weft.Http;
using Weft.Native.OpenSsl;
using Weft.Proxy.Decisions;
using Weft.Proxy.Downstream;
using Weft.Proxy.Pool;
using Weft.Reactor;
using Weft.Telemetry;
using Weft.Telemetry.AccessLog;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Http;

/// <summary>What remains of an exchange: counts in Istio's metrics, a line in the access log, a decision record. Allocates only for label sets seen first.</summary>
internal static class Reporter
{
    private static readonly byte[][] TransportWords = Utf8Names.Of<CloseReason>();
    private static readonly byte[][] TlsWords = Utf8Names.Of<TlsFailureKind>("TLS_error:");

    public static void Report(Exchange exchange, EndpointPool? pool)
    {
        var worker = exchange.Worker;
        ref var record = ref exchange.Record;
        long duration = worker.NowMicroseconds - record.StartMicroseconds;
        worker.Metrics.Istio.RecordRequest(
            worker.Shard, Series(exchange), duration, record.RequestHeadBytes + record.BytesReceived, record.ResponseHeadBytes + record.BytesSent);
        if (worker.AccessLog is { } log) Log(log, exchange, pool, duration);
        Remember(exchange, duration);
    }

    private static int Series(Exchange exchange)
    {
        var worker = exchange.Worker;
        ref var record = ref exchange.Record;
        var connection = exchange.Connection;
        bool isInbound = connection.Side == ListenerSide.Inbound;
        var source = isInbound ? worker.Peers.Find(worker.Snapshot, connection.Source.Address, connection.PeerSpiffeId) : worker.Own;
        var destination = isInbound ? worker.Own : record.UpstreamPeer ?? worker.Process.Peers.Unknown;
        var service = exchange.Cluster?.Service ?? worker.Process.Peers.UnknownService;
        int security = !isInbound ? 0 : connection.PeerSpiffeId.IsEmpty ? 1 : 2;
        var key = new SeriesKey(
            ((ulong)(uint)source.Id << 40) | ((ulong)(uint)destination.Id << 16) | (ushort)record.Status,
            ((ulong)(uint)record.Flags << 32) | ((ulong)(uint)service.Id << 4) | (record.IsGrpc ? 8ul : 0) | (isInbound ? 4ul : 0) | (uint)security);
        if (worker.HttpSeries.TryGet(key, out int series)) return series;
        series = worker.Metrics.Istio.HttpSeries(new IstioLabels
        {
            Reporter = isInbound ? "destination" : "source",
            Source = source.Labels,
            Destination = destination.Labels,
            DestinationService = service.Service,
            DestinationServiceName = service.Name,
            DestinationServiceNamespace = service.Namespace,
            RequestProtocol = record.IsGrpc ? "grpc" : "http",
            ResponseCode = record.Status.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ResponseFlags = ResponseFlagWords.Text(record.Flags),
            ConnectionSecurityPolicy = security switch { 2 => "mutual_tls", 1 => "none", _ => IstioLabels.Unknown },
        });
        worker.HttpSeries.Add(key, series);
        return series;
    }

    private static void Log(LoopAccessLog log, Exchange exchange, EndpointPool? pool, long duration)
    {
        ref var record = ref exchange.Record;
        ref var text = ref exchange.Text;
        var connection = exchange.Connection;
        Span<byte> upstream = stackalloc byte[56];
        Span<byte> upstreamLocal = stackalloc byte[56];
        Span<byte> local = stackalloc byte[56];
        Span<byte> remote = stackalloc byte[56];
        int upstreamLength = 0;
        int upstreamLocalLength = 0;
        if (pool is not null) Endpoints.ToNative(pool.Address).TryFormat(upstream, out upstreamLength);
        if (!record.UpstreamLocal.IsNone) record.UpstreamLocal.TryFormat(upstreamLocal, out upstreamLocalLength);
        Endpoints.ToNative(connection.Destination).TryFormat(local, out int localLength);
        connection.Link.RemoteAddress.TryFormat(remote, out int remoteLength);
        log.Write(new AccessLogRecord
        {
            StartTimeMicroseconds = record.StartMicroseconds + exchange.Worker.Process.WallClockOffsetMicroseconds,
            Method = text[record.MethodText],
            Path = text[record.Path],
            Query = text[record.Query],
            Protocol = record.MethodText.IsEmpty ? default : record.Version == HttpVersion.Http10 ? "HTTP/1.0"u8 : "HTTP/1.1"u8,
            ResponseCode = record.Status,
            ResponseFlags = record.Flags,
            ResponseCodeDetails = DetailsWords.Of(record),
            UpstreamTransportFailureReason = TransportReason(record),
            BytesReceived = record.BytesReceived,
            BytesSent = record.BytesSent,
            DurationMilliseconds = duration / 1000,
            UpstreamServiceTimeMilliseconds = record.ServiceMicroseconds < 0 ? -1 : record.ServiceMicroseconds / 1000,
            XForwardedFor = text[record.ForwardedFor],
            UserAgent = text[record.UserAgent],
            RequestId = text[record.RequestId],
            Authority = text[record.Authority],
            UpstreamHost = upstream[..upstreamLength],
            UpstreamCluster = exchange.Cluster is { } cluster ? cluster.Utf8Name : default,
            UpstreamLocalAddress = upstreamLocal[..upstreamLocalLength],
            DownstreamLocalAddress = local[..localLength],
            DownstreamRemoteAddress = remote[..remoteLength],
            RequestedServerName = connection.ServerName,
            RouteName = text[record.RouteName],
            DownstreamPeerUriSan = connection.PeerSpiffeId,
            UpstreamPeerUriSan = record.UpstreamPeer is { } peer ? peer.Principal : default,
            SnapshotDigest = record.Utf8Digest,
            Origin = text[record.Origin],
        });
    }

    /// <summary>Why the last attempt's connection failed; empty if it did not, or if a later attempt went well.</summary>
    public static ReadOnlySpan<byte> TransportReason(in ExchangeRecord record)
    {
        if (record.Details == DetailsOf.ViaUpstream || record.TransportFailure == CloseReason.None) return default;
        return record.TlsFailure != TlsFailureKind.None ? TlsWords[(int)record.TlsFailure] : TransportWords[(int)record.TransportFailure];
    }

    private static void Remember(Exchange exchange, long duration)
    {
        ref var record = ref exchange.Record;
        var choice = exchange.Choice;
        var decision = new DecisionRecord
        {
            Digest = record.Digest,
            Cluster = exchange.Cluster?.Name,
            StartMicroseconds = record.StartMicroseconds + exchange.Worker.Process.WallClockOffsetMicroseconds,
            DurationMicroseconds = (int)Math.Min(duration, int.MaxValue),
            Listener = exchange.Connection.Listener,
            FilterChain = exchange.Connection.FilterChain,
            VirtualHostSlot = choice.VirtualHost.IsNone ? -1 : choice.VirtualHost.Slot,
            Route = choice.VirtualHost.IsNone ? -1 : choice.RouteIndex,
            WeightedCluster = choice.WeightedIndex,
            EndpointSequence = record.EndpointSequence,
            Endpoint = record.UpstreamHost,
            Status = (short)record.Status,
            Attempts = (byte)Math.Min(record.Attempts, byte.MaxValue),
            Flags = record.Flags,
        };
        var id = exchange.Text[record.RequestId];
        id[..Math.Min(id.Length, 48)].CopyTo(decision.RequestId);
        exchange.Worker.Decisions.Write(decision);
    }
}

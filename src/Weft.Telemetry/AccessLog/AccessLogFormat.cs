using System;

namespace Weft.Telemetry.AccessLog;

/// <summary>Writes one record as one line. Pure, allocation free; loop thread.</summary>
public static class AccessLogFormat
{
    /// <summary>
    /// Room that always suffices: 25 values of at most <see cref="LineWriter.MaxValueBytes"/> and the keys. So nobody can make the line about their
    /// own request too long to be written.
    /// </summary>
    public const int MaxLineBytes = 56 * 1024;

    /// <summary>
    /// Istio's default text format, byte for byte (reference xds.md E), and behind it our four as <c>key="value"</c>.
    /// Returns the length with its line feed, or 0 when the destination was too small.
    /// </summary>
    public static int WriteText(in AccessLogRecord record, Span<byte> destination)
    {
        var line = new LineWriter(destination, isJson: false);
        line.Raw("["u8);
        line.Timestamp(record.StartTimeMicroseconds);
        line.Raw("] \""u8);
        line.Word(record.Method);
        line.Raw(" "u8);
        WritePath(ref line, record);
        line.Raw(" "u8);
        line.Word(record.Protocol);
        line.Raw("\" "u8);
        line.Number(record.ResponseCode);
        line.Raw(" "u8);
        line.Flags(record.ResponseFlags);
        line.Raw(" "u8);
        line.Word(record.ResponseCodeDetails);
        line.Raw(" "u8);
        line.Word(record.ConnectionTerminationDetails);
        line.Raw(" "u8);
        line.Quoted(record.UpstreamTransportFailureReason);
        line.Raw(" "u8);
        line.Number(record.BytesReceived);
        line.Raw(" "u8);
        line.Number(record.BytesSent);
        line.Raw(" "u8);
        line.Number(record.DurationMilliseconds);
        line.Raw(" "u8);
        line.Number(record.UpstreamServiceTimeMilliseconds);
        line.Raw(" "u8);
        WriteTextPeers(ref line, record);
        return line.Finish();
    }

    /// <summary>One JSON object on one line, with Istio's keys in Istio's order and our four behind them. As <see cref="WriteText"/>.</summary>
    public static int WriteJson(in AccessLogRecord record, Span<byte> destination)
    {
        var line = new LineWriter(destination, isJson: true);
        line.Raw("{\"start_time\":\""u8);
        line.Timestamp(record.StartTimeMicroseconds);
        line.Raw("\""u8);
        line.Member("route_name"u8, record.RouteName);
        line.Member("method"u8, record.Method);
        line.Member("path"u8, record.Path, record.Query);
        line.Member("protocol"u8, record.Protocol);
        line.Member("response_code"u8, record.ResponseCode);
        line.Raw(",\"response_flags\":\""u8);
        line.Flags(record.ResponseFlags);
        line.Raw("\""u8);
        line.Member("response_code_details"u8, record.ResponseCodeDetails);
        line.Member("connection_termination_details"u8, record.ConnectionTerminationDetails);
        line.Member("bytes_received"u8, record.BytesReceived);
        line.Member("bytes_sent"u8, record.BytesSent);
        line.Member("duration"u8, record.DurationMilliseconds);
        line.Member("upstream_service_time"u8, record.UpstreamServiceTimeMilliseconds);
        line.Member("x_forwarded_for"u8, record.XForwardedFor);
        line.Member("user_agent"u8, record.UserAgent);
        line.Member("request_id"u8, record.RequestId);
        line.Member("authority"u8, record.Authority);
        line.Member("upstream_host"u8, record.UpstreamHost);
        line.Member("upstream_cluster"u8, record.UpstreamCluster);
        line.Member("upstream_local_address"u8, record.UpstreamLocalAddress);
        line.Member("downstream_local_address"u8, record.DownstreamLocalAddress);
        line.Member("downstream_remote_address"u8, record.DownstreamRemoteAddress);
        line.Member("requested_server_name"u8, record.RequestedServerName);
        line.Member("upstream_transport_failure_reason"u8, record.UpstreamTransportFailureReason);
        line.Member("downstream_peer_uri_san"u8, record.DownstreamPeerUriSan);
        line.Member("upstream_peer_uri_san"u8, record.UpstreamPeerUriSan);
        line.Member("snapshot_digest"u8, record.SnapshotDigest);
        line.Member("origin"u8, record.Origin);
        line.Raw("}"u8);
        return line.Finish();
    }

    private static void WriteTextPeers(ref LineWriter line, in AccessLogRecord record)
    {
        line.Quoted(record.XForwardedFor);
        line.Raw(" "u8);
        line.Quoted(record.UserAgent);
        line.Raw(" "u8);
        line.Quoted(record.RequestId);
        line.Raw(" "u8);
        line.Quoted(record.Authority);
        line.Raw(" "u8);
        line.Quoted(record.UpstreamHost);
        line.Raw(" "u8);
        line.Word(record.UpstreamCluster);
        line.Raw(" "u8);
        line.Word(record.UpstreamLocalAddress);
        line.Raw(" "u8);
        line.Word(record.DownstreamLocalAddress);
        line.Raw(" "u8);
        line.Word(record.DownstreamRemoteAddress);
        line.Raw(" "u8);
        line.Word(record.RequestedServerName);
        line.Raw(" "u8);
        line.Word(record.RouteName);
        line.Raw(" downstream_peer="u8);
        line.Quoted(record.DownstreamPeerUriSan);
        line.Raw(" upstream_peer="u8);
        line.Quoted(record.UpstreamPeerUriSan);
        line.Raw(" digest="u8);
        line.Quoted(record.SnapshotDigest);
        line.Raw(" origin="u8);
        line.Quoted(record.Origin);
    }

    private static void WritePath(ref LineWriter line, in AccessLogRecord record)
    {
        line.Word(record.Path);
        if (!record.Query.IsEmpty) line.Word(record.Query);
    }
}

using System;

namespace Weft.Telemetry.AccessLog;

/// <summary>
/// What one access-log line says of one request (or TCP connection). Borrowed spans, filled on the loop at the end of the request; an empty
/// span or a negative number is "-" in text and null in JSON. Names are Envoy's operators (reference xds.md E); the last four are ours.
/// </summary>
public ref struct AccessLogRecord()
{
    /// <summary>Microseconds since 1970.</summary>
    public long StartTimeMicroseconds { get; set; }

    public ReadOnlySpan<byte> Method { get; set; }

    /// <summary>The canonical path.</summary>
    public ReadOnlySpan<byte> Path { get; set; }

    /// <summary>With its question mark, or empty.</summary>
    public ReadOnlySpan<byte> Query { get; set; }

    /// <summary>HTTP/1.1 and so on; empty for TCP.</summary>
    public ReadOnlySpan<byte> Protocol { get; set; }

    /// <summary>0 when no response was sent.</summary>
    public int ResponseCode { get; set; }

    public ResponseFlags ResponseFlags { get; set; }

    public ReadOnlySpan<byte> ResponseCodeDetails { get; set; }

    public ReadOnlySpan<byte> ConnectionTerminationDetails { get; set; }

    public ReadOnlySpan<byte> UpstreamTransportFailureReason { get; set; }

    /// <summary>Body bytes from the client.</summary>
    public long BytesReceived { get; set; }

    /// <summary>Body bytes to the client.</summary>
    public long BytesSent { get; set; }

    /// <summary>Milliseconds in all.</summary>
    public long DurationMilliseconds { get; set; }

    /// <summary>Milliseconds the upstream took to begin its answer; negative when it did not.</summary>
    public long UpstreamServiceTimeMilliseconds { get; set; } = -1;

    public ReadOnlySpan<byte> XForwardedFor { get; set; }

    public ReadOnlySpan<byte> UserAgent { get; set; }

    public ReadOnlySpan<byte> RequestId { get; set; }

    public ReadOnlySpan<byte> Authority { get; set; }

    public ReadOnlySpan<byte> UpstreamHost { get; set; }

    public ReadOnlySpan<byte> UpstreamCluster { get; set; }

    public ReadOnlySpan<byte> UpstreamLocalAddress { get; set; }

    public ReadOnlySpan<byte> DownstreamLocalAddress { get; set; }

    public ReadOnlySpan<byte> DownstreamRemoteAddress { get; set; }

    /// <summary>SNI as received.</summary>
    public ReadOnlySpan<byte> RequestedServerName { get; set; }

    public ReadOnlySpan<byte> RouteName { get; set; }

    /// <summary>Verified SPIFFE id of the client.</summary>
    public ReadOnlySpan<byte> DownstreamPeerUriSan { get; set; }

    /// <summary>Verified SPIFFE id of the upstream.</summary>
    public ReadOnlySpan<byte> UpstreamPeerUriSan { get; set; }

    /// <summary>Digest of the snapshot that decided.</summary>
    public ReadOnlySpan<byte> SnapshotDigest { get; set; }

    /// <summary>Who asked for the deciding route: kind/namespace/name and field path.</summary>
    public ReadOnlySpan<byte> Origin { get; set; }
}

using System;
using System.Text;
using Weft.Telemetry;

namespace Weft.Proxy.Respond;

/// <summary>
/// What a local answer looks like, in Envoy's words (xds.md C.10). This folder is the only place that makes an answer of our own: whoever
/// finds a reason names it, and the words come from here.
/// </summary>
internal static class LocalReplies
{
    private static readonly Entry[] Entries = Build();

    public static int Status(LocalReply reply) => Entries[(int)reply].Status;
    public static ResponseFlags Flags(LocalReply reply) => Entries[(int)reply].Flags;

    /// <summary>response_code_details.</summary>
    public static ReadOnlySpan<byte> Details(LocalReply reply) => Entries[(int)reply].Details;

    /// <summary>Plain text for the client; empty: none.</summary>
    public static ReadOnlySpan<byte> Body(LocalReply reply) => Entries[(int)reply].Body;

    /// <summary>True if the client should stop sending for a while: x-envoy-overloaded.</summary>
    public static bool IsOverload(LocalReply reply) => reply == LocalReply.Overflow;

    private static Entry[] Build()
    {
        var entries = new Entry[(int)LocalReply.LoopDetected + 1];
        Array.Fill(entries, new Entry(500, ResponseFlags.None, [], []));
        void Set(LocalReply reply, int status, ResponseFlags flags, string details, string body) =>
            entries[(int)reply] = new Entry(status, flags, Encoding.ASCII.GetBytes(details), Encoding.ASCII.GetBytes(body));
        void Upstream(LocalReply reply, int status, ResponseFlags flags, string reason, string words) =>
            Set(reply, status, flags, "upstream_reset_before_response_started{" + reason + "}", "upstream connect error or disconnect/reset before headers. reset reason: " + words);

        Set(LocalReply.None, 0, ResponseFlags.None, "", "");
        Set(LocalReply.DownstreamProtocolError, 400, ResponseFlags.DownstreamProtocolError, "http1.codec_error", "Bad Request");
        Set(LocalReply.MissingHost, 400, ResponseFlags.None, "missing_host_header", "Bad Request");
        Set(LocalReply.PathNormalizationFailed, 400, ResponseFlags.None, "path_normalization_failed", "Bad Request");
        Set(LocalReply.InvalidAuthority, 400, ResponseFlags.None, "invalid_authority", "Bad Request");
        Set(LocalReply.UnderscoreInHeader, 400, ResponseFlags.None, "http1.unexpected_underscore", "Bad Request");
        Set(LocalReply.HeadTooLarge, 431, ResponseFlags.None, "http1.headers_too_large", "Request Header Fields Too Large");
        Set(LocalReply.RequestHeaderTimeout, 408, ResponseFlags.None, "request_header_timeout", "request header timeout");
        Set(LocalReply.StreamIdleTimeout, 504, ResponseFlags.StreamIdleTimeout, "stream_idle_timeout", "stream timeout");
        Set(LocalReply.StreamIdleTimeoutIncomplete, 408, ResponseFlags.StreamIdleTimeout, "stream_idle_timeout", "stream timeout");
        Set(LocalReply.RouteConfigurationNotFound, 404, ResponseFlags.NoRouteFound, "route_configuration_not_found", "");
        Set(LocalReply.RouteNotFound, 404, ResponseFlags.NoRouteFound, "route_not_found", "");
        Set(LocalReply.ClusterNotFound, 503, ResponseFlags.NoClusterFound, "cluster_not_found", "");
        Set(LocalReply.NoHealthyUpstream, 503, ResponseFlags.NoHealthyUpstream, "no_healthy_upstream", "no healthy upstream");
        Set(LocalReply.IdentityMissing, 503, ResponseFlags.UpstreamConnectionFailure, "upstream_identity_not_ready", "no identity yet");
        Set(LocalReply.LoopDetected, 508, ResponseFlags.NoRouteFound, "redirection_loop", "the connection was meant for the proxy's own port");
        Set(LocalReply.UpgradeRefused, 403, ResponseFlags.None, "upgrade_failed", "this proxy does not tunnel upgrades yet");
        Set(LocalReply.DirectResponse, 200, ResponseFlags.None, "direct_response", "");
        Set(LocalReply.Redirect, 301, ResponseFlags.None, "direct_response", "");
        Set(LocalReply.TlsRequired, 301, ResponseFlags.None, "direct_response", "");
        Set(LocalReply.ResponseTimeout, 504, ResponseFlags.UpstreamRequestTimeout, "response_timeout", "upstream request timeout");
        Set(LocalReply.PerTryTimeout, 504, ResponseFlags.UpstreamRequestTimeout, "upstream_per_try_timeout", "upstream request timeout");
        Set(LocalReply.MaxStreamDuration, 504, ResponseFlags.UpstreamMaxStreamDurationReached, "upstream_max_stream_duration_reached", "upstream max stream duration reached");
        Set(LocalReply.MaxStreamDurationIncomplete, 408, ResponseFlags.UpstreamMaxStreamDurationReached, "upstream_max_stream_duration_reached", "upstream max stream duration reached");
        Upstream(LocalReply.Overflow, 503, ResponseFlags.UpstreamOverflow, "overflow", "overflow");
        Upstream(LocalReply.ConnectionFailure, 503, ResponseFlags.UpstreamConnectionFailure, "remote_connection_failure", "remote connection failure");
        Upstream(LocalReply.ConnectionTimeout, 503, ResponseFlags.UpstreamConnectionFailure, "connection_timeout", "connection timeout");
        Upstream(LocalReply.ConnectionTermination, 503, ResponseFlags.UpstreamConnectionTermination, "connection_termination", "connection termination");
        Upstream(LocalReply.UpstreamProtocolError, 502, ResponseFlags.UpstreamProtocolError, "protocol_error", "protocol error");
        return entries;
    }

    private sealed record Entry(int Status, ResponseFlags Flags, byte[] Details, byte[] Body);
}

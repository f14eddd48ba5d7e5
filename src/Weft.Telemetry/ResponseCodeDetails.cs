using System;

namespace Weft.Telemetry;

/// <summary>The words of <c>response_code_details</c>, as Envoy has them (stream_info.h; reference xds.md C.10). A codec fault has its own name instead.</summary>
public static class ResponseCodeDetails
{
    public static ReadOnlySpan<byte> ViaUpstream => "via_upstream"u8;

    public static ReadOnlySpan<byte> DirectResponse => "direct_response"u8;

    public static ReadOnlySpan<byte> RouteNotFound => "route_not_found"u8;

    public static ReadOnlySpan<byte> RouteConfigurationNotFound => "route_configuration_not_found"u8;

    public static ReadOnlySpan<byte> ClusterNotFound => "cluster_not_found"u8;

    public static ReadOnlySpan<byte> NoHealthyUpstream => "no_healthy_upstream"u8;

    public static ReadOnlySpan<byte> FilterChainNotFound => "filter_chain_not_found"u8;

    public static ReadOnlySpan<byte> MissingHostHeader => "missing_host_header"u8;

    public static ReadOnlySpan<byte> PathNormalizationFailed => "path_normalization_failed"u8;

    public static ReadOnlySpan<byte> UpgradeFailed => "upgrade_failed"u8;

    public static ReadOnlySpan<byte> ResponseTimeout => "response_timeout"u8;

    public static ReadOnlySpan<byte> UpstreamPerTryTimeout => "upstream_per_try_timeout"u8;

    public static ReadOnlySpan<byte> RequestHeaderTimeout => "request_header_timeout"u8;

    public static ReadOnlySpan<byte> StreamIdleTimeout => "stream_idle_timeout"u8;

    public static ReadOnlySpan<byte> RequestPayloadTooLarge => "request_payload_too_large"u8;

    public static ReadOnlySpan<byte> Overload => "overload"u8;

    public static ReadOnlySpan<byte> DownstreamRemoteDisconnect => "downstream_remote_disconnect"u8;

    public static ReadOnlySpan<byte> UpstreamConnectionFailure => "upstream_reset_before_response_started{remote_connection_failure}"u8;

    public static ReadOnlySpan<byte> UpstreamConnectionTimeout => "upstream_reset_before_response_started{connection_timeout}"u8;

    public static ReadOnlySpan<byte> UpstreamConnectionTermination => "upstream_reset_before_response_started{connection_termination}"u8;

    public static ReadOnlySpan<byte> UpstreamProtocolError => "upstream_reset_before_response_started{protocol_error}"u8;

    public static ReadOnlySpan<byte> UpstreamOverflow => "upstream_reset_before_response_started{overflow}"u8;

    public static ReadOnlySpan<byte> UpstreamTerminationAfterStart => "upstream_reset_after_response_started{connection_termination}"u8;

    public static ReadOnlySpan<byte> UpstreamProtocolErrorAfterStart => "upstream_reset_after_response_started{protocol_error}"u8;

    public static ReadOnlySpan<byte> Draining => "draining"u8;
}

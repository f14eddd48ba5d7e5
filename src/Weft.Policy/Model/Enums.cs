namespace Weft.Policy.Model;

/// <summary>Listener.traffic_direction.</summary>
public enum TrafficDirection { Unspecified, Inbound, Outbound }

/// <summary>Listener filters that the proxy enforces.</summary>
public enum ListenerFilterKind { OriginalDestination, TlsInspector, HttpInspector }

/// <summary>FilterChainMatch.source_type.</summary>
public enum SourceType { Any, SameIpOrLoopback, External }

/// <summary>The terminal network filter of a chain.</summary>
public enum TerminalFilterKind { None, HttpConnectionManager, TcpProxy }

/// <summary>HCM.forward_client_cert_details.</summary>
public enum ForwardClientCertMode { Sanitize, ForwardOnly, AppendForward, SanitizeSet, AlwaysForwardOnly }

/// <summary>HCM.set_current_client_cert_details.</summary>
[System.Flags]
public enum ClientCertDetails { None = 0, Subject = 1, Dns = 2, Uri = 4, Cert = 8, Chain = 16 }

/// <summary>HCM.server_header_transformation.</summary>
public enum ServerHeaderMode { Overwrite, AppendIfAbsent, PassThrough }

/// <summary>HCM.path_with_escaped_slashes_action.</summary>
public enum EscapedSlashesAction { ImplementationDefault, KeepUnchanged, RejectRequest, UnescapeAndRedirect, UnescapeAndForward }

/// <summary>HCM.codec_type.</summary>
public enum CodecType { Auto, Http1, Http2, Http3 }

/// <summary>HttpProtocolOptions.headers_with_underscores_action.</summary>
public enum UnderscoresAction { Allow, RejectRequest, DropHeader }

/// <summary>VirtualHost.require_tls.</summary>
public enum TlsRequirement { None, ExternalOnly, All }

/// <summary>RouteMatch.path_specifier.</summary>
public enum PathMatchKind { Prefix, Path, PathSeparatedPrefix, SafeRegex }

/// <summary>How a string is compared: StringMatcher and the value kinds of HeaderMatcher.</summary>
public enum StringMatchKind { Exact, Prefix, Suffix, Contains, SafeRegex }

/// <summary>HeaderMatcher.header_match_specifier.</summary>
public enum HeaderMatchKind { String, Range, Present }

/// <summary>QueryParameterMatcher.query_parameter_match_specifier.</summary>
public enum QueryMatchKind { String, Present }

/// <summary>Route.action.</summary>
public enum RouteActionKind { Route, Redirect, DirectResponse }

/// <summary>HeaderValueOption.append_action, with Envoy's numbers.</summary>
public enum HeaderAppendAction { AppendIfExistsOrAdd = 0, AddIfAbsent = 1, OverwriteIfExistsOrAdd = 2, OverwriteIfExists = 3 }

/// <summary>RetryPolicy.retry_on, one bit a word (xds.md C.3).</summary>
[System.Flags]
public enum RetryOn
{
    None = 0,
    ServerError = 1 << 0,               // 5xx
    GatewayError = 1 << 1,
    Reset = 1 << 2,
    ResetBeforeRequest = 1 << 3,
    ConnectFailure = 1 << 4,
    RefusedStream = 1 << 5,
    Retriable4xx = 1 << 6,
    RetriableStatusCodes = 1 << 7,
    RetriableHeaders = 1 << 8,
    EnvoyRateLimited = 1 << 9,
    Http3PostConnectFailure = 1 << 10,
    GrpcCancelled = 1 << 16,
    GrpcDeadlineExceeded = 1 << 17,
    GrpcInternal = 1 << 18,
    GrpcResourceExhausted = 1 << 19,
    GrpcUnavailable = 1 << 20,
}

/// <summary>Cluster.type.</summary>
public enum ClusterType { Static, StrictDns, LogicalDns, Eds, OriginalDestination }

/// <summary>Cluster.lb_policy.</summary>
public enum LoadBalancingPolicy { RoundRobin, LeastRequest, Random, RingHash, Maglev, ClusterProvided }

/// <summary>Which HTTP version is spoken to a cluster's endpoints (HttpProtocolOptions.upstream_protocol_options).</summary>
public enum UpstreamHttpProtocol { Http1, Http2, UseDownstream }

/// <summary>LbEndpoint.health_status.</summary>
public enum EndpointHealth { Unknown, Healthy, Unhealthy, Draining, Timeout, Degraded }

/// <summary>LbEndpoint.metadata[envoy.transport_socket_match].tlsMode.</summary>
public enum EndpointTlsMode { None, Istio, Disabled, Other }

/// <summary>Which field of a Secret is set. Private keys have no place in a block.</summary>
public enum SecretKind { ValidationContext, TlsCertificate }

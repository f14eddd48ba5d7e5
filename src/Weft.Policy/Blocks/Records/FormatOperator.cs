namespace Weft.Policy.Blocks;

/// <summary>Command operators that header values may use (xds.md C.2, E). Others make the builder refuse the header.</summary>
public enum FormatOperator
{
    Literal,
    Req,
    Resp,
    Protocol,
    DownstreamRemoteAddress,
    DownstreamRemoteAddressWithoutPort,
    DownstreamRemotePort,
    DownstreamDirectRemoteAddress,
    DownstreamDirectRemoteAddressWithoutPort,
    DownstreamLocalAddress,
    DownstreamLocalAddressWithoutPort,
    DownstreamLocalPort,
    DownstreamPeerUriSan,
    DownstreamTlsVersion,
    RequestedServerName,
    UpstreamHost,
    UpstreamCluster,
    ResponseCode,
    ResponseFlags,
    RouteName,
    VirtualHostName,
    StreamId,
    Hostname,
    StartTime,
}

namespace Weft.Http;

/// <summary>
/// Header names the proxy acts on itself. Those up to <see cref="Http2Settings"/> concern one hop or the framing and are read by
/// <see cref="Http1.Http1Framing"/>; the order matters to it. At most 63, so that a block remembers which are present in one word.
/// </summary>
public enum KnownHeader : byte
{
    Other = 0,
    Host,
    ContentLength,
    TransferEncoding,
    Connection,
    Expect,
    Te,
    Trailer,
    Upgrade,
    KeepAlive,
    ProxyConnection,
    Http2Settings,

    Authorization,
    Cookie,
    SetCookie,
    ContentType,
    Date,
    Server,
    Via,
    Location,
    UserAgent,
    Forwarded,
    XRequestId,
    XForwardedFor,
    XForwardedProto,
    XForwardedHost,
    XForwardedPort,
    XForwardedClientCert,
    Traceparent,
    Tracestate,
    XEnvoyOriginalPath,
    XEnvoyUpstreamServiceTime,
    XEnvoyPeerMetadata,
    XEnvoyPeerMetadataId,
    XEnvoyDecoratorOperation,

    /// <summary>Any other name that begins with <c>x-envoy-</c>: peers outside the mesh must not be able to set them (attacks T69).</summary>
    XEnvoyOther,

    /// <summary>Any name that begins with <c>x-weft-</c>.</summary>
    XWeft,
}

using System;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Reactor;

namespace Weft.Proxy.Pool;

/// <summary>
/// What an exchange hears of the connection it was lent, in this order: attached; then heads, body, end, complete; or at any point one of the
/// failures, which is the last call. Loop thread only.
/// </summary>
internal interface IUpstreamClient
{
    /// <summary>Everything of the request was given to the link: without it the link cannot serve another.</summary>
    bool IsRequestSent { get; }

    /// <summary>A connection is there. Begin it and send the request.</summary>
    void OnAttached(UpstreamLink link);

    /// <summary>No connection could be made.</summary>
    void OnConnectFailed(in LinkFault fault);

    /// <summary>An interim or the final head. False pauses.</summary>
    bool OnResponseHead(scoped in Http1Head head);

    /// <summary>A piece of the body. False pauses until <see cref="UpstreamLink.Resume"/>.</summary>
    bool OnResponseBody(ReadOnlySpan<byte> chunk);

    /// <summary>The answer ended; the link is still held.</summary>
    void OnResponseEnd(scoped in HeaderBlock trailers);

    /// <summary>The link was given back; the exchange may finish.</summary>
    void OnResponseComplete();

    /// <summary>The link takes more of the request.</summary>
    void OnUpstreamWritable();

    /// <summary>The connection ended before the answer did.</summary>
    void OnUpstreamGone(in LinkFault fault, bool sawResponse);

    /// <summary>The endpoint broke HTTP.</summary>
    void OnUpstreamRejected(Http1Fault fault, bool sawResponse);
}

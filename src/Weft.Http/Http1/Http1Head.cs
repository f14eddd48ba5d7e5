using System;

namespace Weft.Http.Http1;

/// <summary>
/// One complete head: start line, fields and every decision that only they can make (framing, persistence, expectations).
/// Offsets into the input of the Push that reported it; copy what must outlive the call. Hop-by-hop fields (Connection and what it
/// nominates, Keep-Alive, Proxy-Connection, TE, Transfer-Encoding, Upgrade, HTTP2-Settings, Expect) are already dropped from
/// <see cref="Headers"/>; what they meant is in the properties here.
/// </summary>
public ref struct Http1Head
{
    /// <summary>The whole head with its final empty line.</summary>
    public ReadOnlySpan<byte> Bytes { get; internal set; }

    public HeaderBlock Headers { get; internal set; }

    public HttpVersion Version { get; internal set; }

    /// <summary>Requests: the method, with its bytes in <see cref="MethodBytes"/>. Responses: the method of the request they answer.</summary>
    public KnownMethod Method { get; internal set; }

    public ReadOnlySpan<byte> MethodBytes { get; internal set; }

    public TargetForm TargetForm { get; internal set; }

    /// <summary>The target as received.</summary>
    public ReadOnlySpan<byte> Target { get; internal set; }

    /// <summary>
    /// Path as received, without the query: to be given to <see cref="CanonicalPath"/> before any use. An absolute target without a path
    /// is "/". "*" for the asterisk form, empty for CONNECT.
    /// </summary>
    public ReadOnlySpan<byte> Path { get; internal set; }

    /// <summary>The query with its leading '?'; empty when there is none.</summary>
    public ReadOnlySpan<byte> Query { get; internal set; }

    /// <summary>
    /// Where the request is for: from an absolute target, else from Host; syntax already checked, to be given to <see cref="CanonicalAuthority"/>
    /// and written upstream in place of any Host. Empty only for HTTP/1.0 without Host.
    /// </summary>
    public ReadOnlySpan<byte> Authority { get; internal set; }

    internal AuthorityParts AuthorityParts { get; set; }

    /// <summary>Responses: 100 to 599. Requests: 0.</summary>
    public int Status { get; internal set; }

    public ReadOnlySpan<byte> Reason { get; internal set; }

    public BodyFraming Framing { get; internal set; }

    /// <summary>Content-Length in bytes when one was present (also on a HEAD or 304 answer, where no body follows); -1 otherwise.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>Whether the connection may be used again after this message, as far as the peer's head says.</summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>
    /// The client waits for a 100 before it sends the body (RFC 9110 §10.1.1): forward the expectation, or answer 100 oneself.
    /// Only ever true for HTTP/1.1 with a body announced.
    /// </summary>
    public bool ExpectsContinue { get; internal set; }

    /// <summary>Upgrade was asked for and nominated by Connection. Ignoring it is always allowed; early bytes are then the next request (attacks T27).</summary>
    public ReadOnlySpan<byte> UpgradeProtocol { get; internal set; }

    /// <summary>The client said <c>TE: trailers</c>.</summary>
    public bool AcceptsTrailers { get; internal set; }

    /// <summary>
    /// The canonical form of <see cref="Authority"/>, as <see cref="CanonicalAuthority"/> gives it but without checking the syntax a second time.
    /// Rejected only when there is none.
    /// </summary>
    public readonly Canonical NormalizeAuthority(Span<byte> destination, out AuthorityParts parts)
    {
        if (!Authority.IsEmpty) return CanonicalAuthority.Normalize(Authority, AuthorityParts, destination, out parts);
        parts = default;
        return Canonical.Rejected;
    }

    /// <summary>A 1xx other than 101.</summary>
    public readonly bool IsInterim => Status is >= 100 and < 200 and not 101;
}

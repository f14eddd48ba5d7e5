using System;

namespace Weft.Http.Http1;

/// <summary>
/// Where a parser's events go. A struct (or ref struct), so that calls inline. Every span is borrowed until the call returns.
/// </summary>
public interface IHttp1Sink
{
    /// <summary>
    /// A head is complete. For responses also each interim one (<see cref="Http1Head.IsInterim"/>), which has no body and no end of its own.
    /// Returns false to pause right after the head.
    /// </summary>
    bool OnHead(scoped in Http1Head head);

    /// <summary>A piece of the body, without any chunk framing; never empty. Returns false to pause after it.</summary>
    bool OnBody(ReadOnlySpan<byte> chunk);

    /// <summary>The message is complete. Trailers that may not be merged or forwarded (RFC 9110 §6.5.1) are marked dropped.</summary>
    void OnEnd(scoped in HeaderBlock trailers);
}

namespace Weft.Reactor;

/// <summary>
/// What a connection's owner hears. All calls come from the link's loop thread and never from inside a call that the owner itself makes on a link:
/// <see cref="Link.Send(System.ReadOnlySpan{byte})"/>, <see cref="Link.Close"/> and the others only record, the loop calls back later in the same turn.
/// Implementations are pooled objects; nothing here may block or throw (a throw closes that link and is counted).
/// </summary>
public interface ILinkHandler
{
    /// <summary>
    /// The link can carry application data: an outbound one is connected (and, with TLS, the peer is verified), an inbound one has finished the TLS
    /// handshake begun by <see cref="Link.StartTls"/>. Not called for a plain inbound link, which can from the start.
    /// </summary>
    void OnEstablished(Link link);

    /// <summary>
    /// <see cref="Link.Input"/> has grown, or reading was resumed while it is not empty. What is not consumed stays and comes again with the next bytes.
    /// When <see cref="Link.IsInputFull"/> and nothing is consumed, no more will come.
    /// </summary>
    void OnReadable(Link link);

    /// <summary>The peer will send no more (FIN, or close_notify). Once, after its last bytes were offered; our direction stays open.</summary>
    void OnPeerEof(Link link);

    /// <summary>Output that had passed the high watermark has drained below the low one. Only after a send reported <see cref="SendStatus.AboveHighWatermark"/>.</summary>
    void OnWritable(Link link);

    /// <summary>
    /// The last call, exactly once for every link that was given to a handler, whoever ended it. The link's data (addresses, counts, Tls) can be read
    /// during the call; afterwards the object serves another connection. Bytes already sent are still delivered after a <see cref="Link.Close"/>.
    /// </summary>
    void OnClosed(Link link, in LinkFault fault);
}

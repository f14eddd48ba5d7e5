namespace Weft.Reactor;

/// <summary>Bounds of a link. One value per loop; defaults are for a sidecar.</summary>
public readonly record struct LinkLimits()
{
    /// <summary>Most bytes that wait unconsumed, at most 64 KiB. Envoy's max_request_headers_kb is 60.</summary>
    public int MaxInput { get; init; } = 64 * 1024;

    /// <summary>Above this many queued bytes <see cref="SendStatus.AboveHighWatermark"/> is reported. Four TLS records.</summary>
    public int HighWatermark { get; init; } = 64 * 1024;

    /// <summary>At or below this <see cref="ILinkHandler.OnWritable"/> is called. One TLS record, so that the socket does not run dry before the next chunk.</summary>
    public int LowWatermark { get; init; } = 16 * 1024;

    /// <summary>Above this the link is closed: a sender that stops at the watermark stays far below (one scratch buffer and a head).</summary>
    public int MaxOutput { get; init; } = 1024 * 1024;

    /// <summary>Bytes received from one link per turn before the others have theirs: four scratch buffers.</summary>
    public int BytesPerTurn { get; init; } = 256 * 1024;

    /// <summary>Milliseconds for a TLS handshake, from <see cref="Link.StartTls"/> or TCP connect to done.</summary>
    public int HandshakeTimeout { get; init; } = 10_000;

    /// <summary>Milliseconds that a closed link may take to deliver what was queued and see the peer's FIN. nginx: lingering_timeout 5 s.</summary>
    public int DrainTimeout { get; init; } = 5_000;
}

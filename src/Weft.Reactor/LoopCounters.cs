namespace Weft.Reactor;

/// <summary>What a loop has done since its start. Written by the loop only; other threads may read any field (64-bit reads do not tear here).</summary>
public sealed class LoopCounters
{
    /// <summary>Turns taken.</summary>
    public long Turns;

    /// <summary>Connections accepted.</summary>
    public long Accepted;

    /// <summary>Connections handed over to a less loaded loop.</summary>
    public long HandedOver;

    /// <summary>Connections that <see cref="IAcceptHandler"/> refused.</summary>
    public long Refused;

    /// <summary>Times accepting had to pause (EMFILE and relatives).</summary>
    public long AcceptStalls;

    /// <summary>Outbound connections begun.</summary>
    public long Connects;

    /// <summary>Outbound connections that failed or ran out of time.</summary>
    public long ConnectFailures;

    /// <summary>TLS handshakes completed.</summary>
    public long Handshakes;

    /// <summary>TLS handshakes that failed or ran out of time.</summary>
    public long HandshakeFailures;

    /// <summary>Links ended.</summary>
    public long Closed;

    /// <summary>Exceptions that handlers threw.</summary>
    public long HandlerFailures;

    /// <summary>Events for a slot that had been reused or freed.</summary>
    public long StaleEvents;

    /// <summary>Application bytes received.</summary>
    public long BytesReceived;

    /// <summary>Application bytes given to links to send.</summary>
    public long BytesSent;
}

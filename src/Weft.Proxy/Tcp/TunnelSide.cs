using Weft.Reactor;

namespace Weft.Proxy.Tcp;

/// <summary>One of the two links of a tunnel: tells the tunnel which of them an event concerns. Made once with the tunnel.</summary>
internal sealed class TunnelSide(TcpTunnel tunnel, bool isClient) : ILinkHandler
{
    private bool _isServerUp;

    public Link? Link { get; private set; }

    /// <summary>Can carry data.</summary>
    public bool IsEstablished => isClient || _isServerUp;

    /// <summary>Bytes received on this side and passed on.</summary>
    public long Received { get; set; }

    public void Take(Link? link)
    {
        Link = link;
        _isServerUp = false;
        Received = 0;
    }

    public void OnEstablished(Link link)
    {
        if (isClient) return;
        _isServerUp = true;
        tunnel.OnServerEstablished(link);
    }

    public void OnReadable(Link link) => tunnel.OnReadable(this);
    public void OnPeerEof(Link link) => tunnel.OnPeerEof(this);
    public void OnWritable(Link link) => tunnel.OnWritable(this);

    public void OnClosed(Link link, in LinkFault fault)
    {
        // Facts of the connection are read before its link serves somebody else.
        if (isClient) tunnel.NoteClientFacts(link);
        Link = null;
        tunnel.OnClosed(this, fault);
    }
}

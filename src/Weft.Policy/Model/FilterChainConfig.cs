using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>A filter chain as written. Exactly one of <see cref="Http"/> and <see cref="Tcp"/> is its terminal filter.</summary>
public sealed class FilterChainConfig
{
    public string Name { get; set; } = "";

    public FilterChainMatchConfig Match { get; set; } = new();

    /// <summary>Null for plaintext (no transport socket, or raw_buffer).</summary>
    public DownstreamTlsConfig? Tls { get; set; }

    public TimeLimit TransportSocketConnectTimeout { get; set; }

    public HttpConnectionManagerConfig? Http { get; set; }

    public TcpProxyConfig? Tcp { get; set; }

    /// <summary>Index of the terminal filter in <c>filters</c>, for field paths in problems.</summary>
    public int TerminalFilterIndex { get; set; }

    public List<Origin> Origins { get; } = [];
}

using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Reactor;

/// <summary>Where and how to connect. A value on the stack.</summary>
public readonly ref struct ConnectOptions()
{
    /// <summary>Whom to connect to.</summary>
    public required IpEndpoint Destination { get; init; }

    /// <summary>Milliseconds until TCP must be connected; a TLS handshake has its own deadline. Envoy: connect_timeout, 5 s.</summary>
    public int TimeoutMilliseconds { get; init; } = 5_000;

    /// <summary>SO_MARK for every packet, so that redirection lets it pass; 0 sets none.</summary>
    public uint Mark { get; init; }

    /// <summary>Local address to use (port 0: any), such as 127.0.0.6 for inbound; <c>default</c> leaves it to the kernel.</summary>
    public IpEndpoint Source { get; init; }

    /// <summary>Identity and trust for TLS; null connects plain.</summary>
    public TlsContext? TlsContext { get; init; }

    /// <summary>SNI, ALPN and whom to expect; required with <see cref="TlsContext"/>.</summary>
    public TlsClientOptions? Tls { get; init; }
}

namespace Weft.Native.OpenSsl;

/// <summary>What differs between connections of one client context. Immutable, made when a cluster is published and used by all its connections.</summary>
public sealed class TlsClientOptions
{
    /// <summary>Server name to ask for (SNI), such as "outbound_.8080_.v1_.forecast.grid.svc.cluster.local"; null sends none.</summary>
    public string? ServerName { get; init; }

    /// <summary>Protocols to offer.</summary>
    public AlpnList Alpn { get; init; } = AlpnList.None;

    /// <summary>Who must answer. There is no way to skip verification.</summary>
    public required PeerExpectation Expected { get; init; }
}

using System;
using System.Text;

namespace Weft.Native.OpenSsl;

/// <summary>What differs between connections of one client context. Immutable, made when a cluster is published and used by all its connections.</summary>
public sealed class TlsClientOptions
{
    private const int MaxServerNameLength = 255;

    /// <summary>
    /// Server name to ask for (SNI), such as "outbound_.8080_.v1_.forecast.grid.svc.cluster.local"; null sends none. At most 255 bytes of ASCII (TLSEXT_MAXLEN_host_name).
    /// </summary>
    /// <exception cref="ArgumentException">Empty, too long or not ASCII.</exception>
    public string? ServerName
    {
        get;
        init
        {
            if (value is not null && (value.Length is 0 or > MaxServerNameLength || !Ascii.IsValid(value) || value.Contains('\0', StringComparison.Ordinal)))
            {
                throw new ArgumentException("a server name is 1 to 255 bytes of ASCII: '" + value + "'", nameof(value));
            }

            field = value;
            ServerNameZ = value is null ? null : Encoding.ASCII.GetBytes(value + '\0');
        }
    }

    /// <summary>Protocols to offer.</summary>
    public AlpnList Alpn { get; init; } = AlpnList.None;

    /// <summary>Who must answer. There is no way to skip verification.</summary>
    public required PeerExpectation Expected { get; init; }

    internal byte[]? ServerNameZ { get; private init; }
}

using System;
using System.Text;

namespace Weft.Policy.Decide;

/// <summary>What is known of a connection when its filter chain is chosen. Spans are borrowed for the call.</summary>
public readonly ref struct ConnectionFacts
{
    /// <summary>Restored original destination.</summary>
    public IpPort Destination { get; init; }

    /// <summary>The peer of the accepted socket.</summary>
    public IpPort DirectSource { get; init; }

    /// <summary>The client, after PROXY protocol; the same as <see cref="DirectSource"/> otherwise.</summary>
    public IpPort Source { get; init; }

    /// <summary>SNI from the ClientHello, any case; empty when there was none or nobody looked.</summary>
    public ReadOnlySpan<byte> ServerName { get; init; }

    /// <summary><c>tls</c> or <c>raw_buffer</c>; empty counts as raw_buffer.</summary>
    public ReadOnlySpan<byte> TransportProtocol { get; init; }

    /// <summary>
    /// What the client offered (ALPN) or what was detected (<c>http/1.1</c>), in its order, as on the wire: a length byte before each name.
    /// </summary>
    public ReadOnlySpan<byte> ApplicationProtocols { get; init; }

    internal ReadOnlySpan<byte> EffectiveTransportProtocol => TransportProtocol.IsEmpty ? "raw_buffer"u8 : TransportProtocol;

    /// <summary>Position of a protocol in <see cref="ApplicationProtocols"/>; -1 when it is not offered.</summary>
    internal int OfferIndex(ReadOnlySpan<byte> protocol)
    {
        ReadOnlySpan<byte> rest = ApplicationProtocols;
        for (int i = 0; !rest.IsEmpty; i++)
        {
            int length = rest[0];
            if (length >= rest.Length)
                return -1;
            if (rest.Slice(1, length).SequenceEqual(protocol))
                return i;
            rest = rest[(1 + length)..];
        }

        return -1;
    }

    internal string Describe()
    {
        string protocols = "";
        ReadOnlySpan<byte> rest = ApplicationProtocols;
        while (!rest.IsEmpty && rest[0] < rest.Length)
        {
            protocols += (protocols.Length == 0 ? "" : ", ") + Encoding.UTF8.GetString(rest.Slice(1, rest[0]));
            rest = rest[(1 + rest[0])..];
        }

        return $"destination {Destination}, transport protocol {Encoding.UTF8.GetString(EffectiveTransportProtocol)}, "
            + $"server name '{Encoding.UTF8.GetString(ServerName)}', application protocols [{protocols}]";
    }
}

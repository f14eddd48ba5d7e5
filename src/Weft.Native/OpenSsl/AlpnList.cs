using System;
using System.Collections.Generic;
using System.Text;

namespace Weft.Native.OpenSsl;

/// <summary>Application protocols in order of preference, in the form TLS carries them (RFC 7301): each a length byte and its name. Immutable.</summary>
public sealed class AlpnList
{
    private readonly byte[] _wire;

    /// <param name="protocols">Names such as "istio-http/1.1"; 1 to 255 bytes each.</param>
    /// <exception cref="ArgumentException">A name is empty or too long.</exception>
    public AlpnList(IEnumerable<string> protocols)
    {
        ArgumentNullException.ThrowIfNull(protocols);
        List<byte> wire = [];
        foreach (string protocol in protocols)
        {
            byte[] name = Encoding.ASCII.GetBytes(protocol);
            if (name.Length is 0 or > 255)
            {
                throw new ArgumentException("an ALPN name has 1 to 255 bytes: '" + protocol + "'", nameof(protocols));
            }

            wire.Add((byte)name.Length);
            wire.AddRange(name);
        }

        _wire = [.. wire];
    }

    /// <summary>No protocol: the extension is not sent, or not answered.</summary>
    public static AlpnList None { get; } = new([]);

    /// <summary>The list as on the wire.</summary>
    public ReadOnlySpan<byte> Wire => _wire;

    /// <summary>True when there is nothing to offer.</summary>
    public bool IsEmpty => _wire.Length == 0;

    /// <summary>Our first preference that the client offers, as its place (after the length byte) in <paramref name="offered"/>.</summary>
    public bool TrySelect(ReadOnlySpan<byte> offered, out Range selected)
    {
        for (ReadOnlySpan<byte> ours = _wire; !ours.IsEmpty; ours = ours[(1 + ours[0])..])
        {
            ReadOnlySpan<byte> name = ours.Slice(1, ours[0]);
            for (int at = 0; at < offered.Length && at + 1 + offered[at] <= offered.Length; at += 1 + offered[at])
            {
                if (offered.Slice(at + 1, offered[at]).SequenceEqual(name))
                {
                    selected = new Range(at + 1, at + 1 + offered[at]);
                    return true;
                }
            }
        }

        selected = default;
        return false;
    }
}

using System;
using System.Buffers.Text;
using System.Text;

namespace Weft.Http;

/// <summary>
/// The one form of an authority that matching, authorisation, logs and the bytes upstream use: lower case, no trailing dot, the port in
/// decimal without leading zeros and only if there was one. No user info, no escapes, no zone ids (attacks T17, T62; CVE-2021-39155).
/// </summary>
public static class CanonicalAuthority
{
    /// <summary>253 for a name (RFC 1035), a dot and a port; an IP literal is shorter.</summary>
    public const int MaxLength = 260;

    /// <summary>Whether <see cref="Normalize(ReadOnlySpan{byte}, Span{byte}, out AuthorityParts)"/> would accept it.</summary>
    public static bool IsValid(ReadOnlySpan<byte> authority, bool needsPort = false) => TryParse(authority, out AuthorityParts parts) && (parts.Port > 0 || !needsPort);

    /// <summary>
    /// Writes the canonical form unless the input already is. Both spans may start at the same place. Pure; never throws.
    /// </summary>
    /// <param name="authority">As received.</param>
    /// <param name="destination">At least as long as the input: the canonical form never grows.</param>
    /// <param name="parts">Lengths and port of the canonical form (in the input, if unchanged).</param>
    public static Canonical Normalize(ReadOnlySpan<byte> authority, Span<byte> destination, out AuthorityParts parts)
    {
        if (TryParse(authority, out AuthorityParts received)) return Normalize(authority, received, destination, out parts);
        parts = default;
        return Canonical.Rejected;
    }

    /// <summary>The same for an authority that was found valid before, with its parts as received.</summary>
    internal static Canonical Normalize(ReadOnlySpan<byte> authority, AuthorityParts received, Span<byte> destination, out AuthorityParts parts)
    {
        ReadOnlySpan<byte> host = authority[..received.HostLength];
        if (host[^1] == '.') host = host[..^1];
        int portLength = received.Port == 0 ? 0 : 1 + DigitCount(received.Port);
        parts = new AuthorityParts(host.Length, host.Length + portLength, received.Port);
        if (parts.Length == authority.Length && !host.ContainsAnyInRange((byte)'A', (byte)'Z')) return Canonical.Unchanged;
        if (destination.Length < parts.Length) return Canonical.Rejected;
        Lower(host, destination);
        if (portLength > 0)
        {
            destination[host.Length] = (byte)':';
            Utf8Formatter.TryFormat(received.Port, destination[(host.Length + 1)..], out _);
        }

        return Canonical.Rewritten;
    }

    /// <summary>Checks the syntax; the parts are those of the input.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> authority, out AuthorityParts parts)
    {
        bool isValid = TrySplit(authority, out ReadOnlySpan<byte> host, out int port);
        parts = new AuthorityParts(host.Length, authority.Length, port);
        return isValid;
    }

    private static int DigitCount(int port) => port >= 10000 ? 5 : port >= 1000 ? 4 : port >= 100 ? 3 : port >= 10 ? 2 : 1;

    private static bool TrySplit(ReadOnlySpan<byte> authority, out ReadOnlySpan<byte> host, out int port)
    {
        port = 0;
        host = authority;
        if (authority.IsEmpty || authority.Length > MaxLength) return false;
        ReadOnlySpan<byte> rest;
        if (authority[0] == '[')
        {
            int bracket = authority.IndexOf((byte)']');
            if (bracket < 0 || !IsIpv6(authority[1..bracket])) return false;
            host = authority[..(bracket + 1)];
            rest = authority[(bracket + 1)..];
        }
        else
        {
            int colon = authority.IndexOf((byte)':');
            host = colon < 0 ? authority : authority[..colon];
            rest = colon < 0 ? default : authority[colon..];
            if (!IsName(host)) return false;
        }

        return rest.IsEmpty || (rest[0] == ':' && TryReadPort(rest[1..], out port));
    }

    /// <summary>Letters of a name, and no empty label but the root after a trailing dot.</summary>
    private static bool IsName(ReadOnlySpan<byte> host) =>
        !host.IsEmpty && host[0] != '.' && !host.ContainsAnyExcept(HttpSyntax.HostName) && host.IndexOf(".."u8) < 0;

    private static bool IsIpv6(ReadOnlySpan<byte> literal)
    {
        if (literal.Length is < 2 or > 45 || literal.ContainsAnyExcept(HttpSyntax.IpLiteral) || !literal.Contains((byte)':')) return false;
        Span<char> text = stackalloc char[literal.Length];
        Ascii.ToUtf16(literal, text, out _);
        return System.Net.IPAddress.TryParse(text, out _);
    }

    /// <summary>An empty port is legal and says nothing (RFC 3986 §3.2.3); it goes away with its colon.</summary>
    private static bool TryReadPort(ReadOnlySpan<byte> digits, out int port)
    {
        port = 0;
        if (digits.IsEmpty) return true;
        if (digits.Length > 5) return false;
        foreach (byte b in digits)
        {
            if (b is < (byte)'0' or > (byte)'9') return false;
            port = (port * 10) + (b - '0');
        }

        return port is > 0 and <= 65535;
    }

    private static void Lower(ReadOnlySpan<byte> host, Span<byte> destination)
    {
        for (int i = 0; i < host.Length; i++)
        {
            byte b = host[i];
            destination[i] = (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;
        }
    }
}

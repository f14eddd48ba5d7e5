using System;

namespace Weft.Http.Sniff;

/// <summary>
/// Tells TLS, HTTP/2, HTTP/1 and anything else apart from a connection's first bytes. Nothing is consumed: every call sees all bytes so far
/// and the same growing input; how far was searched is remembered, so drip-fed input stays O(n). A few bytes, lives in the link.
/// </summary>
public struct ProtocolSniffer
{
    /// <summary>Longest first line we wait for, in bytes: the codec's own limit, which then answers 414.</summary>
    public const int MaxFirstLineBytes = 8 * 1024;

    private int _searched;

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Judges <paramref name="input"/>, all bytes received so far. Loop thread only.</summary>
    public SniffedProtocol Push(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return SniffedProtocol.NeedMore;
        // 22 is handshake, 3 the major version of every TLS record (RFC 8446 §5.1).
        if (input[0] == 22) return input.Length == 1 ? SniffedProtocol.NeedMore : input[1] == 3 ? SniffedProtocol.Tls : SniffedProtocol.Other;
        if (Preface.StartsWith(input[..Math.Min(input.Length, Preface.Length)]))
        {
            return input.Length >= Preface.Length ? SniffedProtocol.Http2 : SniffedProtocol.NeedMore;
        }

        return PushFirstLine(input);
    }

    /// <summary>The version at the end of the line decides, not the method: Redis' inline commands start with GET as well.</summary>
    private SniffedProtocol PushFirstLine(ReadOnlySpan<byte> input)
    {
        if (!MayBeMethod(input)) return SniffedProtocol.Other;
        int lineFeed = input[_searched..].IndexOf((byte)'\n');
        if (lineFeed >= 0) return EndsWithVersion(input[..(_searched + lineFeed)]) ? SniffedProtocol.Http1 : SniffedProtocol.Other;
        _searched = input.Length;
        if (input.Length < MaxFirstLineBytes) return SniffedProtocol.NeedMore;
        return HasTarget(input) ? SniffedProtocol.Http1 : SniffedProtocol.Other;
    }

    private static bool MayBeMethod(ReadOnlySpan<byte> input)
    {
        int space = input.IndexOf((byte)' ');
        ReadOnlySpan<byte> method = space < 0 ? input : input[..space];
        return !method.IsEmpty && method.Length <= HttpMethods.MaxLength && !method.ContainsAnyExcept(HttpSyntax.MethodCharacters);
    }

    /// <summary>Any HTTP/d.d: what is wrong with it is for the codec to say.</summary>
    private static bool EndsWithVersion(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith("\r"u8)) line = line[..^1];
        return line.Length > 9 && line[^9..].StartsWith(" HTTP/"u8) && line[^2] == '.';
    }

    private static bool HasTarget(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> target = input[(input.IndexOf((byte)' ') + 1)..];
        return target.StartsWith("/"u8) || target.StartsWith("http://"u8) || target.StartsWith("https://"u8);
    }
}

using System;
using System.Buffers.Binary;

namespace Weft.Http.Sniff;

/// <summary>
/// Reads server name and protocols from a TLS ClientHello (RFC 8446 §4.1.2, RFC 6066 §3, RFC 7301) without consuming anything: the TLS
/// library gets the same bytes afterwards. Spans point into the input, or into the scratch when the hello came in several records.
/// </summary>
public readonly ref struct ClientHello
{
    /// <summary>Largest handshake message accepted, in bytes. 16 KiB: one full record; post-quantum key shares take under 2 KiB.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>Most records a hello may be cut into. 16: keeps drip-fed input linear; browsers that cut at all use two.</summary>
    public const int MaxRecords = 16;

    private const int RecordHeader = 5;
    private const int HandshakeHeader = 4;

    private ClientHello(ReadOnlySpan<byte> serverName, ReadOnlySpan<byte> protocols)
    {
        ServerName = serverName;
        Protocols = protocols;
    }

    /// <summary>SNI as sent (not yet canonical), or empty. Only names valid as a host are accepted.</summary>
    public ReadOnlySpan<byte> ServerName { get; }

    /// <summary>The ALPN list: each entry a length byte and that many bytes; checked. Empty when not offered.</summary>
    public ReadOnlySpan<byte> Protocols { get; }

    /// <summary>Whether the client offers that protocol.</summary>
    public bool Offers(ReadOnlySpan<byte> protocol)
    {
        for (ReadOnlySpan<byte> rest = Protocols; !rest.IsEmpty; rest = rest[(rest[0] + 1)..])
        {
            if (rest.Slice(1, rest[0]).SequenceEqual(protocol)) return true;
        }

        return false;
    }

    /// <summary>Judges all bytes received so far. Pure; loop thread only because of the scratch.</summary>
    /// <param name="input">Everything the connection sent, from its first byte.</param>
    /// <param name="scratch">At least <see cref="MaxBytes"/>; one per loop. Used only when the hello spans records.</param>
    /// <param name="hello">Set when the result is Complete.</param>
    public static ClientHelloStatus Read(ReadOnlySpan<byte> input, Span<byte> scratch, out ClientHello hello)
    {
        hello = default;
        ClientHelloStatus status = Assemble(input, scratch, out ReadOnlySpan<byte> message);
        return status == ClientHelloStatus.Complete ? ReadMessage(message, ref hello) : status;
    }

    /// <summary>Finds the handshake message in its records.</summary>
    private static ClientHelloStatus Assemble(ReadOnlySpan<byte> input, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        message = default;
        ClientHelloStatus status = ReadRecord(input, 0, out ReadOnlySpan<byte> payload, out int next);
        if (status == ClientHelloStatus.NeedMore && payload.Length < HandshakeHeader) return CheckType(payload, status);
        if (status is not (ClientHelloStatus.NeedMore or ClientHelloStatus.Complete)) return status;
        if (CheckType(payload, status) == ClientHelloStatus.NotTls) return ClientHelloStatus.NotTls;
        if (payload.Length >= HandshakeHeader)
        {
            int wanted = MessageLength(payload);
            if (wanted > MaxBytes) return ClientHelloStatus.TooLarge;
            if (payload.Length >= wanted)
            {
                message = payload[..wanted];
                return ClientHelloStatus.Complete;
            }
        }

        return status == ClientHelloStatus.NeedMore ? status : Join(input, scratch, out message);
    }

    private static ClientHelloStatus Join(ReadOnlySpan<byte> input, Span<byte> scratch, out ReadOnlySpan<byte> message)
    {
        message = default;
        int have = 0;
        int at = 0;
        for (int records = 0; records < MaxRecords; records++)
        {
            ClientHelloStatus status = ReadRecord(input, at, out ReadOnlySpan<byte> payload, out at);
            if (status is not (ClientHelloStatus.NeedMore or ClientHelloStatus.Complete)) return status;
            // Bytes past the limit cannot belong to a hello that is within it.
            payload = payload[..Math.Min(payload.Length, MaxBytes - have)];
            payload.CopyTo(scratch[have..]);
            have += payload.Length;
            if (have >= HandshakeHeader)
            {
                int wanted = MessageLength(scratch);
                if (wanted > MaxBytes) return ClientHelloStatus.TooLarge;
                message = scratch[..Math.Min(wanted, have)];
                if (have >= wanted) return ClientHelloStatus.Complete;
            }

            if (status == ClientHelloStatus.NeedMore) return status;
        }

        return ClientHelloStatus.TooLarge;
    }

    /// <summary>One record from <paramref name="at"/>; NeedMore when it is not all there, with the part that is.</summary>
    private static ClientHelloStatus ReadRecord(ReadOnlySpan<byte> input, int at, out ReadOnlySpan<byte> payload, out int next)
    {
        payload = default;
        next = at;
        ReadOnlySpan<byte> rest = input[at..];
        ClientHelloStatus wrong = at == 0 ? ClientHelloStatus.NotTls : ClientHelloStatus.Malformed;
        if (rest.Length > 0 && rest[0] != 22) return wrong;
        if (rest.Length > 1 && rest[1] != 3) return wrong;
        if (rest.Length < RecordHeader) return ClientHelloStatus.NeedMore;
        int length = BinaryPrimitives.ReadUInt16BigEndian(rest[3..]);
        // RFC 8446 §5.1: no empty handshake fragments, none above 2^14.
        if (length is 0 or > 16384) return wrong;
        rest = rest[RecordHeader..];
        payload = rest[..Math.Min(length, rest.Length)];
        next = at + RecordHeader + payload.Length;
        return rest.Length < length ? ClientHelloStatus.NeedMore : ClientHelloStatus.Complete;
    }

    private static ClientHelloStatus CheckType(ReadOnlySpan<byte> payload, ClientHelloStatus otherwise) =>
        payload.Length > 0 && payload[0] != 1 ? ClientHelloStatus.NotTls : otherwise;

    private static int MessageLength(ReadOnlySpan<byte> message) => HandshakeHeader + ((message[1] << 16) | (message[2] << 8) | message[3]);

    private static ClientHelloStatus ReadMessage(ReadOnlySpan<byte> message, ref ClientHello hello)
    {
        var reader = new TlsReader(message[HandshakeHeader..]);
        bool isSound = reader.TrySkip(2 + 32) && reader.TryRead8(out _) && reader.TryRead16(out _) && reader.TryRead8(out _);
        if (!isSound) return ClientHelloStatus.Malformed;
        if (reader.IsEmpty) return ClientHelloStatus.Complete;
        if (!reader.TryRead16(out ReadOnlySpan<byte> extensions) || !reader.IsEmpty) return ClientHelloStatus.Malformed;
        return ReadExtensions(extensions, ref hello);
    }

    private static ClientHelloStatus ReadExtensions(ReadOnlySpan<byte> extensions, ref ClientHello hello)
    {
        ReadOnlySpan<byte> serverName = default;
        ReadOnlySpan<byte> protocols = default;
        bool hasName = false;
        bool hasProtocols = false;
        var reader = new TlsReader(extensions);
        while (!reader.IsEmpty)
        {
            if (!reader.TryReadNumber(out int type) || !reader.TryRead16(out ReadOnlySpan<byte> body)) return ClientHelloStatus.Malformed;
            // Twice the same is an attack on whoever reads the other one (RFC 8446 §4.2).
            if (type == 0)
            {
                if (hasName || !TryReadServerName(body, out serverName)) return ClientHelloStatus.Malformed;
                hasName = true;
            }
            else if (type == 16)
            {
                if (hasProtocols || !TryReadProtocols(body, out protocols)) return ClientHelloStatus.Malformed;
                hasProtocols = true;
            }
        }

        hello = new ClientHello(serverName, protocols);
        return ClientHelloStatus.Complete;
    }

    /// <summary>A list with exactly one host_name; other types were never defined.</summary>
    private static bool TryReadServerName(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> name)
    {
        name = default;
        var outer = new TlsReader(body);
        if (!outer.TryRead16(out ReadOnlySpan<byte> list) || !outer.IsEmpty || list.IsEmpty || list[0] != 0) return false;
        var inner = new TlsReader(list[1..]);
        return inner.TryRead16(out name) && inner.IsEmpty && name.Length is > 0 and <= 255 && !name.ContainsAnyExcept(HttpSyntax.HostName);
    }

    private static bool TryReadProtocols(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> list)
    {
        var outer = new TlsReader(body);
        if (!outer.TryRead16(out list) || !outer.IsEmpty || list.IsEmpty) return false;
        var inner = new TlsReader(list);
        while (!inner.IsEmpty)
        {
            if (!inner.TryRead8(out ReadOnlySpan<byte> protocol) || protocol.IsEmpty) return false;
        }

        return true;
    }
}

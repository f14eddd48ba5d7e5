using System;
using System.Buffers.Binary;

namespace Weft.Proxy.Dns;

/// <summary>How far a packet could be understood.</summary>
public enum DnsParse : byte
{
    /// <summary>A question this server can answer or forward.</summary>
    Question,

    /// <summary>Not worth an answer: too short for a header, or itself an answer.</summary>
    Drop,

    /// <summary>Answer FORMERR.</summary>
    Malformed,

    /// <summary>Answer NOTIMP: not a standard query.</summary>
    NotImplemented,
}

/// <summary>
/// The one question of a query packet. Pure and bounded: reads at most one name of 255 bytes, follows no compression pointer
/// (a question has nothing before it to point to), never throws on any input.
/// </summary>
public readonly ref struct DnsQuestion
{
    public const ushort TypeA = 1;
    public const ushort TypeCname = 5;
    public const ushort TypeAaaa = 28;
    public const ushort TypeOpt = 41;
    public const ushort TypeAny = 255;
    public const ushort ClassInternet = 1;
    public const int HeaderLength = 12;
    public const int LongestName = 253;

    private DnsQuestion(ReadOnlySpan<byte> packet, int end, ReadOnlySpan<byte> name, ushort type, ushort @class, int payload)
    {
        Packet = packet;
        End = end;
        Name = name;
        Type = type;
        Class = @class;
        UdpPayload = payload;
    }

    /// <summary>The whole query.</summary>
    public ReadOnlySpan<byte> Packet { get; }

    /// <summary>Offset behind the question section.</summary>
    public int End { get; }

    /// <summary>The name in dotted lower case without the final dot (in the scratch buffer given to <see cref="Parse"/>); empty for the root.</summary>
    public ReadOnlySpan<byte> Name { get; }
    public ushort Type { get; }
    public ushort Class { get; }

    /// <summary>Largest UDP answer the client takes, in bytes: 512, or what its OPT record says (RFC 6891), at most 1232.</summary>
    public int UdpPayload { get; }

    /// <summary>Reads a query. <paramref name="scratch"/> holds the decoded name and must be at least <see cref="LongestName"/> bytes.</summary>
    public static DnsParse Parse(ReadOnlySpan<byte> packet, Span<byte> scratch, out DnsQuestion question)
    {
        question = default;
        if (packet.Length < HeaderLength || (packet[2] & 0x80) != 0) return DnsParse.Drop;
        if ((packet[2] & 0x78) != 0) return DnsParse.NotImplemented;
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[4..]) != 1
            || BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) != 0
            || BinaryPrimitives.ReadUInt16BigEndian(packet[8..]) != 0)
            return DnsParse.Malformed;

        int at = HeaderLength;
        int length = 0;
        while (true)
        {
            if (at >= packet.Length) return DnsParse.Malformed;
            int label = packet[at++];
            if (label == 0) break;
            if (label > 63 || at + label > packet.Length || length + label + 1 > LongestName) return DnsParse.Malformed;
            if (length > 0) scratch[length++] = (byte)'.';
            for (int i = 0; i < label; i++)
            {
                byte b = packet[at + i];
                // A dot inside a label would make two different names look alike once written with dots.
                if (b is (byte)'.' or 0) return DnsParse.Malformed;
                scratch[length++] = b is >= (byte)'A' and <= (byte)'Z' ? (byte)(b | 0x20) : b;
            }
            at += label;
        }
        if (at + 4 > packet.Length) return DnsParse.Malformed;
        ushort type = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
        ushort @class = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
        at += 4;
        question = new DnsQuestion(packet, at, scratch[..length], type, @class, Payload(packet, at));
        return DnsParse.Question;
    }

    // The OPT pseudo-record, if the first additional record is one: root name, type 41, class = payload size.
    private static int Payload(ReadOnlySpan<byte> packet, int at)
    {
        const int Classic = 512;
        const int MostUseful = 1232;
        if (BinaryPrimitives.ReadUInt16BigEndian(packet[10..]) == 0 || at + 11 > packet.Length) return Classic;
        if (packet[at] != 0 || BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 1)..]) != TypeOpt) return Classic;
        return Math.Clamp(BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 3)..]), (ushort)Classic, (ushort)MostUseful);
    }
}

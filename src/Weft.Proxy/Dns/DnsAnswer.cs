using System;
using System.Buffers.Binary;

namespace Weft.Proxy.Dns;

/// <summary>Writes answers to a question into a caller's buffer: header, the question as asked (its case kept), then A records.</summary>
public static class DnsAnswer
{
    /// <summary>Seconds an answer may be kept. 30: Istio's; an address of the mesh changes seldom and clients should notice.</summary>
    public const int TimeToLive = 30;
    private const byte Response = 0x80;
    private const byte Authoritative = 0x04;
    private const byte Truncated = 0x02;
    private const byte RecursionDesired = 0x01;
    private const byte RecursionAvailable = 0x80;

    /// <summary>An answer without records. Returns its length. Also serves packets whose question could not be read: then only the header is echoed.</summary>
    public static int WriteEmpty(ReadOnlySpan<byte> query, int questionEnd, DnsCode code, Span<byte> destination)
    {
        bool hasQuestion = questionEnd > DnsQuestion.HeaderLength;
        int length = hasQuestion ? questionEnd : DnsQuestion.HeaderLength;
        query[..length].CopyTo(destination);
        WriteHeader(query, destination, code, truncated: false, questions: hasQuestion ? 1 : 0, answers: 0);
        return length;
    }

    /// <summary>
    /// An answer with one A record for each address, starting at <paramref name="rotation"/>; with <paramref name="alias"/> (a dotted
    /// name) first a CNAME to it, as a resolver's search list expects. What does not fit into <paramref name="room"/> is left out and the
    /// answer marked truncated. Returns its length.
    /// </summary>
    public static int WriteAddresses(scoped in DnsQuestion question, ReadOnlySpan<byte> alias, ReadOnlySpan<uint> addresses, uint rotation, Span<byte> destination, int room)
    {
        question.Packet[..question.End].CopyTo(destination);
        int at = question.End;
        int answers = 0;
        int owner = DnsQuestion.HeaderLength;
        bool truncated = false;
        room = Math.Min(room, destination.Length);
        if (!alias.IsEmpty)
        {
            int need = 12 + alias.Length + 2;
            if (at + need > room)
            {
                truncated = true;
            }
            else
            {
                at += WriteRecordHead(destination[at..], owner, DnsQuestion.TypeCname, alias.Length + 2);
                owner = at;
                at += WriteName(alias, destination[at..]);
                answers++;
            }
        }
        for (int i = 0; i < addresses.Length && !truncated; i++)
        {
            if (at + 16 > room)
            {
                truncated = true;
                break;
            }
            at += WriteRecordHead(destination[at..], owner, DnsQuestion.TypeA, 4);
            uint address = addresses[(int)((rotation + (uint)i) % (uint)addresses.Length)];
            BinaryPrimitives.WriteUInt32BigEndian(destination[at..], address);
            at += 4;
            answers++;
        }
        WriteHeader(question.Packet, destination, DnsCode.NoError, truncated, questions: 1, answers);
        return at;
    }

    private static int WriteRecordHead(Span<byte> destination, int owner, ushort type, int dataLength)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(0xC000 | owner));
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], type);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], DnsQuestion.ClassInternet);
        BinaryPrimitives.WriteUInt32BigEndian(destination[6..], TimeToLive);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], (ushort)dataLength);
        return 12;
    }

    private static int WriteName(ReadOnlySpan<byte> dotted, Span<byte> destination)
    {
        int at = 0;
        while (!dotted.IsEmpty)
        {
            int dot = dotted.IndexOf((byte)'.');
            var label = dot < 0 ? dotted : dotted[..dot];
            destination[at++] = (byte)label.Length;
            label.CopyTo(destination[at..]);
            at += label.Length;
            dotted = dot < 0 ? default : dotted[(dot + 1)..];
        }
        destination[at++] = 0;
        return at;
    }

    private static void WriteHeader(ReadOnlySpan<byte> query, Span<byte> destination, DnsCode code, bool truncated, int questions, int answers)
    {
        destination[2] = (byte)(Response | Authoritative | (truncated ? Truncated : 0) | (query[2] & RecursionDesired));
        destination[3] = (byte)(RecursionAvailable | (byte)code);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)questions);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)answers);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], 0);
    }
}

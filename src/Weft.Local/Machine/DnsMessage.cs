using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Text;

namespace Weft.Local.Machine;

/// <summary>Answers one DNS question (RFC 1035), A records only. Pure; never throws on what was sent.</summary>
public static class DnsMessage
{
    private const int HeaderBytes = 12;
    private const int LongestName = 253;
    private const int TypeA = 1;
    private const int TypeAny = 255;
    private const int ClassInternet = 1;
    private const int NoSuchName = 3;
    private const int FormatError = 1;
    private const int NotImplemented = 4;

    /// <summary>Short: endpoints of headless services come and go.</summary>
    private const int TimeToLiveSeconds = 5;

    /// <summary>The answer to <paramref name="question"/>, or empty when it deserves none.</summary>
    /// <param name="question">The datagram.</param>
    /// <param name="find">Name (lower case) → addresses; null for no such name.</param>
    public static byte[] Answer(ReadOnlySpan<byte> question, Func<string, IReadOnlyList<IPAddress>?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        bool isAnswer = question.Length < HeaderBytes || (question[2] & 0x80) != 0;
        if (isAnswer)
        {
            return [];
        }

        if ((question[2] & 0x78) != 0)
        {
            return Reply(question[..HeaderBytes], HeaderBytes, NotImplemented, []);
        }

        int questions = BinaryPrimitives.ReadUInt16BigEndian(question[4..]);
        if (questions != 1 || ReadName(question, out int end) is not { } name || end + 4 > question.Length)
        {
            return Reply(question[..HeaderBytes], HeaderBytes, FormatError, []);
        }

        int type = BinaryPrimitives.ReadUInt16BigEndian(question[end..]);
        int kind = BinaryPrimitives.ReadUInt16BigEndian(question[(end + 2)..]);
        IReadOnlyList<IPAddress>? found = kind == ClassInternet ? find(name) : null;
        return found is null
            ? Reply(question, end + 4, NoSuchName, [])
            : Reply(question, end + 4, 0, type is TypeA or TypeAny ? found : []);
    }

    private static byte[] Reply(ReadOnlySpan<byte> question, int questionEnd, int code, IReadOnlyList<IPAddress> addresses)
    {
        const int answerBytes = 16;
        const int mostAnswers = 30;
        int count = Math.Min(addresses.Count, mostAnswers);
        byte[] reply = new byte[questionEnd + (count * answerBytes)];
        question[..questionEnd].CopyTo(reply);
        reply[2] = (byte)(0x84 | (question[2] & 0x01));
        reply[3] = (byte)(0x80 | code);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(4), (ushort)(questionEnd > HeaderBytes ? 1 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(6), (ushort)count);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(8), 0);
        for (int i = 0; i < count; i++)
        {
            Span<byte> record = reply.AsSpan(questionEnd + (i * answerBytes));
            // 0xC00C: the name in the question.
            BinaryPrimitives.WriteUInt16BigEndian(record, 0xC00C);
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], TypeA);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], ClassInternet);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], TimeToLiveSeconds);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            addresses[i].TryWriteBytes(record[12..], out _);
        }

        return reply;
    }

    private static string? ReadName(ReadOnlySpan<byte> message, out int end)
    {
        StringBuilder name = new();
        end = HeaderBytes;
        while (end < message.Length)
        {
            int length = message[end++];
            if (length == 0)
            {
                return name.ToString();
            }

            // A question is never compressed; the two top bits would say so.
            if (length > 63 || end + length > message.Length || name.Length + length + 1 > LongestName)
            {
                return null;
            }

            if (name.Length > 0)
            {
                name.Append('.');
            }

            foreach (byte letter in message.Slice(end, length))
            {
                name.Append(char.ToLowerInvariant((char)letter));
            }

            end += length;
        }

        return null;
    }
}

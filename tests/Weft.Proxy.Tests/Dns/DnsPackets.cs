using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Text;
using Weft.Proxy.Dns;

namespace Weft.Proxy.Tests.Dns;

/// <summary>Queries and answers as a resolver would write and read them.</summary>
internal static class DnsPackets
{
    public static byte[] Query(string name, ushort type = DnsQuestion.TypeA, ushort id = 0x1234)
    {
        var packet = new List<byte> { (byte)(id >> 8), (byte)id, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            packet.Add((byte)label.Length);
            packet.AddRange(Encoding.ASCII.GetBytes(label));
        }
        packet.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return [.. packet];
    }

    public static int Code(ReadOnlySpan<byte> answer) => answer[3] & 0x0F;
    public static int Answers(ReadOnlySpan<byte> answer) => BinaryPrimitives.ReadUInt16BigEndian(answer[6..]);
    public static bool IsTruncated(ReadOnlySpan<byte> answer) => (answer[2] & 2) != 0;

    /// <summary>Records as text: <c>A 10.0.0.1</c>, <c>CNAME name</c>.</summary>
    public static List<string> Records(byte[] answer)
    {
        var records = new List<string>();
        int at = 12;
        while (answer[at] != 0) at += answer[at] + 1;
        at += 5;
        for (int i = 0; i < Answers(answer); i++)
        {
            Assert.Equal(0xC0, answer[at] & 0xC0);
            int type = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 2));
            int length = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(at + 10));
            var data = answer.AsSpan(at + 12, length);
            records.Add(type == DnsQuestion.TypeA ? $"A {new IPAddress(data)}" : $"CNAME {Dotted(data)}");
            at += 12 + length;
        }
        Assert.Equal(answer.Length, at);
        return records;
    }

    private static string Dotted(ReadOnlySpan<byte> name)
    {
        var labels = new List<string>();
        for (int at = 0; name[at] != 0; at += name[at] + 1) labels.Add(Encoding.ASCII.GetString(name.Slice(at + 1, name[at])));
        return string.Join('.', labels);
    }
}

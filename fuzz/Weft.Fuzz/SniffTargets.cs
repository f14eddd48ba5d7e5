using System;
using Weft.Http.Sniff;

namespace Weft.Fuzz;

/// <summary>Targets over detection: a judgement once made must not change when more bytes come.</summary>
public static class SniffTargets
{
    public static void Hello(ReadOnlySpan<byte> input)
    {
        var scratch = new byte[ClientHello.MaxBytes];
        var secondScratch = new byte[ClientHello.MaxBytes];
        ClientHelloStatus final = ClientHello.Read(input, scratch, out ClientHello whole);
        for (int length = 0; length < input.Length; length += 1 + (length / 16))
        {
            ClientHelloStatus status = ClientHello.Read(input[..length], secondScratch, out ClientHello part);
            if (status == ClientHelloStatus.NeedMore) continue;
            bool same = status == final && part.ServerName.SequenceEqual(whole.ServerName) && part.Protocols.SequenceEqual(whole.Protocols);
            if (!same) throw new FuzzFailureException($"{status} after {length} bytes, {final} after all");
        }

        if (final == ClientHelloStatus.Complete) whole.Offers("h2"u8);
    }

    public static void Protocol(ReadOnlySpan<byte> input)
    {
        var atOnce = new ProtocolSniffer();
        var drip = new ProtocolSniffer();
        SniffedProtocol whole = atOnce.Push(input);
        SniffedProtocol part = SniffedProtocol.NeedMore;
        for (int length = 1; length <= input.Length && part == SniffedProtocol.NeedMore; length++) part = drip.Push(input[..length]);
        if (input.IsEmpty) return;
        if (whole != part) throw new FuzzFailureException($"whole: {whole}, byte by byte: {part}");
    }
}

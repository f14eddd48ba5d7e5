using System;
using System.Text;

namespace Weft.Fuzz;

/// <summary>Small random changes to a seed, always the same for the same number. No replacement for a coverage-guided fuzzer; runs in every test run.</summary>
public static class Mutator
{
    private static readonly byte[][] Tokens = Array.ConvertAll(
        ["\r\n", "\n", "\r", "\0", "\t", " ", ":", ";", ",", "\r\n\r\n", "chunked", "Content-Length: ", "Transfer-Encoding: chunked\r\n", "Host: a\r\n", "Connection: close\r\n", "HTTP/1.1", "HTTP/1.0", "0\r\n\r\n", "%2e", "%2F", "../", "/./", "\\", "//", "%00", "[::1]", "\u00ff"],
        Encoding.Latin1.GetBytes);

    public static byte[] Mutate(byte[] seed, Random random)
    {
        byte[] bytes = seed;
        for (int changes = 1 + random.Next(4); changes > 0; changes--) bytes = Once(bytes, random);
        return bytes.Length > 4096 ? bytes[..4096] : bytes;
    }

    private static byte[] Once(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        int length = Math.Min(random.Next(1, 8), bytes.Length - at);
        switch (random.Next(6))
        {
            case 0: return [.. bytes[..at], .. Tokens[random.Next(Tokens.Length)], .. bytes[at..]];
            case 1: return [.. bytes[..at], .. bytes[(at + length)..]];
            case 2: return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 3: return [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]];
            case 4: return bytes[..at];
            default:
                if (at == bytes.Length) return bytes;
                byte[] copy = [.. bytes];
                copy[at] ^= (byte)(1 << random.Next(8));
                return copy;
        }
    }
}

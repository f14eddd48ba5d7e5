using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Weft.Telemetry.Tracing;

/// <summary>
/// Request ids: UUID version 4 as text, from xoshiro256** (Blackman and Vigna), one for each loop. They name requests, they protect nothing.
/// Character 14 is '4', which Envoy reads as "not traced". Loop thread only; a mutable struct: keep it in a field.
/// </summary>
public struct RequestIdGenerator
{
    /// <summary>Bytes of the text.</summary>
    public const int TextLength = 36;

    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>A sequence that can be had again, for tests and simulations.</summary>
    public RequestIdGenerator(ulong seed)
    {
        _s0 = Mix(ref seed);
        _s1 = Mix(ref seed);
        _s2 = Mix(ref seed);
        _s3 = Mix(ref seed);
    }

    /// <summary>Seeded by the operating system, so that two loops or two proxies never run the same sequence.</summary>
    public static RequestIdGenerator Create()
    {
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        return new RequestIdGenerator
        {
            _s0 = BinaryPrimitives.ReadUInt64LittleEndian(seed),
            _s1 = BinaryPrimitives.ReadUInt64LittleEndian(seed[8..]),
            _s2 = BinaryPrimitives.ReadUInt64LittleEndian(seed[16..]),
            _s3 = BinaryPrimitives.ReadUInt64LittleEndian(seed[24..]) | 1,
        };
    }

    /// <summary>Writes the next id. No allocation.</summary>
    /// <param name="destination">At least <see cref="TextLength"/>.</param>
    public void Write(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, (Next() & 0xFFFFFFFFFFFF0FFFUL) | 0x4000);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], (Next() & 0x3FFFFFFFFFFFFFFFUL) | 0x8000000000000000UL);
        Group(bytes[..4], destination);
        Group(bytes[4..6], destination[9..]);
        Group(bytes[6..8], destination[14..]);
        Group(bytes[8..10], destination[19..]);
        Group(bytes[10..], destination[24..]);
        destination[8] = destination[13] = destination[18] = destination[23] = (byte)'-';
    }

    private static void Group(ReadOnlySpan<byte> bytes, Span<byte> destination) => Convert.TryToHexStringLower(bytes, destination, out _);

    private ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>SplitMix64: fills the state from one number, as the authors of xoshiro advise.</summary>
    private static ulong Mix(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}

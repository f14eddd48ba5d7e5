using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Weft.Policy.Blocks;

/// <summary>SHA-256 of a block's bytes: its address by content.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct BlockDigest(ulong A, ulong B, ulong C, ulong D)
{
    public static BlockDigest Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(bytes, hash);
        return MemoryMarshal.Read<BlockDigest>(hash);
    }

    /// <summary>Lower-case hexadecimal.</summary>
    public override string ToString()
    {
        Span<byte> hash = stackalloc byte[32];
        MemoryMarshal.Write(hash, in this);
        return Convert.ToHexStringLower(hash);
    }
}

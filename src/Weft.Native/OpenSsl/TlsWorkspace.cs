using System;
using Weft.Buffers;

namespace Weft.Native.OpenSsl;

/// <summary>What the sessions of one loop share: slabs for ciphertext that the socket did not take, and room to gather several records into one send.</summary>
public sealed class TlsWorkspace(SlabPool slabs)
{
    // Four full records with their headers and tags (5 + 16 + 1 bytes each) fit, so that 64 KiB leave in one system call.
    internal const int CorkBytes = 4 * ((16 * 1024) + 64);

    internal SlabPool Slabs { get; } = slabs;

    internal byte[] Cork { get; } = GC.AllocateUninitializedArray<byte>(CorkBytes, pinned: true);
}

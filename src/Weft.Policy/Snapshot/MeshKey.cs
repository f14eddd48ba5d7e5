using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Weft.Policy.Snapshot;

/// <summary>
/// Keys the draws of one mesh, so that the same request id does not fall the same way in every mesh of the world. Not a secret: the
/// control plane sends it, or else it is derived from the trust bundle, which every proxy and <c>weft explain</c> hold.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct MeshKey(ulong A, ulong B)
{
    /// <summary>Of the text the control plane sends (any text; equal texts give equal keys).</summary>
    public static MeshKey FromText(string text) => FromTrustBundle(System.Text.Encoding.UTF8.GetBytes(text));

    public static MeshKey FromTrustBundle(ReadOnlySpan<byte> pem)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(pem, hash);
        return MemoryMarshal.Read<MeshKey>(hash);
    }
}

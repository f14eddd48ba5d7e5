using System;

namespace Weft.Policy.Blocks;

/// <summary>A finished block on its way into a snapshot: the same configuration always gives the same bytes and so the same digest.</summary>
public sealed class BlockImage
{
    private readonly byte[] _bytes;

    internal BlockImage(BlockKind kind, string name, byte[] bytes)
    {
        Kind = kind;
        Name = name;
        _bytes = bytes;
        Digest = BlockDigest.Of(bytes);
    }

    public BlockKind Kind { get; }

    public string Name { get; }

    public BlockDigest Digest { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;
}

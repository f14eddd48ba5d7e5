using Weft.Buffers;
using Weft.Policy.Blocks;

namespace Weft.Policy.Snapshot;

/// <summary>One place in a block table. Free when the block is empty.</summary>
internal struct BlockSlot
{
    public NativeBlock Block;
    public BlockDigest Digest;
    public int Generation;
}

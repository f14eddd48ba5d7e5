using System;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>Reads a Secret block.</summary>
public readonly ref struct SecretView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ReadOnlySpan<byte> Name => Block.Name;

    public SecretKind Kind => Block.Root<SecretRecord>().Kind;

    /// <summary>PEM certificates.</summary>
    public ReadOnlySpan<byte> Pem => Block.Utf8(Block.Root<SecretRecord>().Pem);
}

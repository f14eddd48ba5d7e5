namespace Weft.Store;

/// <summary>Sizes of a <see cref="Journal"/>.</summary>
public sealed record JournalOptions
{
    /// <summary>Garbage (bytes no longer needed) that starts a new snapshot. 4 MiB: some thousand edits, read back in milliseconds.</summary>
    public long CompactAfterBytes { get; init; } = 4 << 20;
}

using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>The DNS table: hash buckets over <see cref="NameEntryRecord"/>s.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NameTableRecord
{
    public int Entries;

    /// <summary>1 when any name is a wildcard.</summary>
    public int HasWildcards;
}

using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>First bytes of every block, followed by one <see cref="SectionEntry"/> for each bit of <see cref="Sections"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BlockHeader
{
    public const uint MagicValue = 0x54464557; // "WEFT"
    public const int Size = 40;

    public uint Magic;
    public ushort Format;
    public ushort Kind;
    public ulong Sections;
    public int Length;
    public int Reserved;
    public Text Name;
    public ulong NameHash;
}

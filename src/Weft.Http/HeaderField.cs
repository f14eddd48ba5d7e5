namespace Weft.Http;

/// <summary>Where one field line lies in its head. 16 bytes; a loop keeps one array of them and every head reuses it.</summary>
public struct HeaderField
{
    /// <summary>Offset of the name in the head, in bytes.</summary>
    public int NameStart;

    /// <summary>Offset of the value, without the white space around it.</summary>
    public int ValueStart;

    /// <summary>Length of the value in bytes; may be zero.</summary>
    public int ValueLength;

    public ushort NameLength;

    public KnownHeader Known;

    public HeaderFlags Flags;
}

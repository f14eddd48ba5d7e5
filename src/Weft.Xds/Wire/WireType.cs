namespace Weft.Xds.Wire;

/// <summary>How a field's value is framed (protobuf encoding guide, "Message Structure"). Groups (3, 4) are not used by any message of ours.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    LengthDelimited = 2,
    Fixed32 = 5,
}

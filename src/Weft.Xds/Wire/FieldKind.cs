namespace Weft.Xds.Wire;

/// <summary>What a field holds.</summary>
internal enum FieldKind : byte
{
    Bool,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Enum,
    Double,
    Text,
    Bytes,
    Message,
    Struct,
    Any,
}

using System;
using System.Text;

namespace Weft.Xds.Wire;

/// <summary>One field as it lies on the wire: a number, a framing and a value. Points into the message's bytes.</summary>
internal readonly ref struct WireField
{
    public WireField(int number, WireType type, ulong scalar, ReadOnlySpan<byte> bytes)
    {
        Number = number;
        Type = type;
        Scalar = scalar;
        Bytes = bytes;
    }

    public int Number { get; }

    public WireType Type { get; }

    /// <summary>The value of a varint or fixed field.</summary>
    public ulong Scalar { get; }

    /// <summary>The value of a length-delimited field.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    public bool Bool => Scalar != 0;

    public int Int32 => (int)Scalar;

    public uint UInt32 => (uint)Scalar;

    public long Int64 => (long)Scalar;

    public double Double => BitConverter.UInt64BitsToDouble(Scalar);

    /// <summary>Allocates. The check pass has already refused what is not UTF-8.</summary>
    public string Text => Bytes.IsEmpty ? "" : Encoding.UTF8.GetString(Bytes);

    /// <summary>True for what proto3 would not have written: zero, false, an empty string, an empty message.</summary>
    public bool IsDefault => Scalar == 0 && Bytes.IsEmpty;
}

using System;
using System.Buffers.Binary;
using System.Globalization;
using Weft.Http;
using Weft.Policy.Model;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;

namespace Weft.Proxy.Http;

/// <summary>
/// The operations that configuration wants on an answer, copied when the request is decided, because the blocks they lie in may be gone when the answer
/// comes. What depends on the request is evaluated then; what depends on the answer is marked in the value by bytes no header can hold. A field of its owner.
/// </summary>
internal struct ResponseOps()
{
    private const int Room = 2048;
    private const byte MarkStart = 1;
    private const byte MarkEnd = 2;
    private readonly byte[] _bytes = new byte[Room];
    private int _used;

    /// <summary>True if something did not fit. The answer then lacks it, and is counted as such by whoever asks.</summary>
    public bool HasOverflowed { get; private set; }

    public readonly bool IsEmpty => _used == 0;

    public void Clear()
    {
        _used = 0;
        HasOverflowed = false;
    }

    public void Add(HeaderOp op, ref RequestFormat values, byte[] value)
    {
        int length = 0;
        if (!op.IsRemove && !op.TryFormat(ref values, value, out length))
        {
            HasOverflowed = true;
            return;
        }
        var name = op.Name;
        if (_used + 6 + name.Length + length > Room)
        {
            HasOverflowed = true;
            return;
        }
        var at = _bytes.AsSpan(_used);
        at[0] = op.IsRemove ? (byte)0xFF : (byte)op.Action;
        at[1] = op.KeepsEmptyValue ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(at[2..], (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(at[4..], (ushort)length);
        name.CopyTo(at[6..]);
        value.AsSpan(0, length).CopyTo(at[(6 + name.Length)..]);
        _used += 6 + name.Length + length;
    }

    /// <summary>Carries them out on an answer's head.</summary>
    public readonly void Apply(HeaderEdits edits, scoped in HeaderBlock headers, int status)
    {
        Span<byte> value = stackalloc byte[2048];
        ReadOnlySpan<byte> rest = _bytes.AsSpan(0, _used);
        while (!rest.IsEmpty)
        {
            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]);
            int valueLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]);
            var name = rest.Slice(6, nameLength);
            var raw = rest.Slice(6 + nameLength, valueLength);
            if (rest[0] == 0xFF) edits.Remove(headers, name);
            else edits.Apply(headers, (HeaderAppendAction)rest[0], rest[1] != 0, name, Evaluate(raw, headers, status, value));
            rest = rest[(6 + nameLength + valueLength)..];
        }
    }

    /// <summary>Marks an operator that only the answer can evaluate.</summary>
    public static bool TryMark(FormatOperator op, ReadOnlySpan<byte> argument, Span<byte> destination, out int written)
    {
        written = 0;
        if (destination.Length < argument.Length + 3) return false;
        destination[0] = MarkStart;
        destination[1] = (byte)((byte)op + 0x20);
        argument.CopyTo(destination[2..]);
        destination[argument.Length + 2] = MarkEnd;
        written = argument.Length + 3;
        return true;
    }

    private static ReadOnlySpan<byte> Evaluate(ReadOnlySpan<byte> raw, scoped in HeaderBlock headers, int status, Span<byte> room)
    {
        if (raw.IndexOf(MarkStart) < 0) return raw;
        int length = 0;
        while (!raw.IsEmpty)
        {
            int mark = raw.IndexOf(MarkStart);
            var plain = mark < 0 ? raw : raw[..mark];
            if (!plain.TryCopyTo(room[length..])) break;
            length += plain.Length;
            if (mark < 0) break;
            raw = raw[mark..];
            int end = raw.IndexOf(MarkEnd);
            var op = (FormatOperator)(raw[1] - 0x20);
            var argument = raw[2..end];
            raw = raw[(end + 1)..];
            if (op == FormatOperator.Resp && headers.TryGet(argument, out var found) && found.TryCopyTo(room[length..])) length += found.Length;
            else if (op == FormatOperator.ResponseCode && status.TryFormat(room[length..], out int digits, default, CultureInfo.InvariantCulture)) length += digits;
        }
        return room[..length];
    }
}

using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Decide;

/// <summary>One header operation to carry out. Borrowed.</summary>
public readonly ref struct HeaderOp
{
    private readonly BlockView _block;
    private readonly HeaderOpRecord _record;

    internal HeaderOp(BlockView block, in HeaderOpRecord record, HeaderOpLevel level)
    {
        _block = block;
        _record = record;
        Level = level;
    }

    public HeaderOpLevel Level { get; }

    /// <summary>As written; compare without case.</summary>
    public ReadOnlySpan<byte> Name => _block.Utf8(_record.Name);

    public bool IsRemove => _record.IsRemove == 1;

    public HeaderAppendAction Action => _record.Action;

    /// <summary>An empty result is added only with keep_empty_value.</summary>
    public bool KeepsEmptyValue => _record.KeepEmptyValue == 1;

    /// <summary>The value needs no evaluation: it is <see cref="Literal"/>.</summary>
    public bool IsLiteral => _record.Segments.IsEmpty;

    public ReadOnlySpan<byte> Literal => _block.Utf8(_record.Literal);

    /// <summary>Writes the value, evaluating command operators. False when it does not fit.</summary>
    /// <remarks>Operators of one level must see the headers as they were before that level's additions.</remarks>
    public bool TryFormat<TValues>(ref TValues values, Span<byte> destination, out int written)
        where TValues : struct, IFormatValues, allows ref struct
    {
        written = 0;
        if (IsLiteral)
        {
            written = Literal.Length;
            return Literal.TryCopyTo(destination);
        }

        foreach (ref readonly FormatSegmentRecord segment in _block.FormatSegments(_record.Segments))
        {
            if (segment.Operator == FormatOperator.Literal)
            {
                ReadOnlySpan<byte> literal = _block.Utf8(segment.Argument);
                if (!literal.TryCopyTo(destination[written..]))
                    return false;
                written += literal.Length;
                continue;
            }

            Span<byte> rest = destination[written..];
            if (!values.TryWrite(segment.Operator, _block.Utf8(segment.Argument), rest, out int count)
                || count == 0 && !segment.Alternative.IsEmpty && !values.TryWrite(segment.Operator, _block.Utf8(segment.Alternative), rest, out count))
            {
                return false;
            }

            written += segment.MaxLength > 0 ? Math.Min(count, segment.MaxLength) : count;
        }

        return true;
    }
}

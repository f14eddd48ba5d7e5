using System;
using System.Text;

namespace Weft.Http;

/// <summary>
/// The field lines of one head (or trailer section): offsets over one contiguous span, in the order and with the case they came in.
/// Borrowed: bytes and offsets belong to the loop and are valid only inside the call that received the block.
/// A dropped line is invisible to every lookup here and to the writer, so what was matched is what is forwarded.
/// </summary>
public readonly ref struct HeaderBlock
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly Span<HeaderField> _fields;
    private readonly ulong _present;

    /// <param name="bytes">The head; the fields' offsets count from its start.</param>
    /// <param name="fields">One entry per line.</param>
    /// <param name="present">Bit n set when <see cref="KnownHeader"/> n occurs; a superset is fine.</param>
    public HeaderBlock(ReadOnlySpan<byte> bytes, Span<HeaderField> fields, ulong present)
    {
        _bytes = bytes;
        _fields = fields;
        _present = present;
    }

    /// <summary>Number of lines, dropped ones included: the range of the index for <see cref="Name"/> and its kin.</summary>
    public int Count => _fields.Length;

    /// <summary>All bytes the offsets refer to.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public ReadOnlySpan<byte> Name(int index) => _bytes.Slice(_fields[index].NameStart, _fields[index].NameLength);

    public ReadOnlySpan<byte> Value(int index) => _bytes.Slice(_fields[index].ValueStart, _fields[index].ValueLength);

    public KnownHeader Known(int index) => _fields[index].Known;

    public bool IsDropped(int index) => (_fields[index].Flags & HeaderFlags.Dropped) != 0;

    internal ref readonly HeaderField Field(int index) => ref _fields[index];

    /// <summary>May say true for a header that was dropped meanwhile; false is certain.</summary>
    public bool MayHave(KnownHeader header) => (_present & (1UL << (int)header)) != 0;

    /// <summary>Index of the first live line of that header at or after <paramref name="from"/>; -1 when there is none.</summary>
    public int Find(KnownHeader header, int from = 0)
    {
        if (!MayHave(header)) return -1;
        for (int i = from; i < _fields.Length; i++)
        {
            if (_fields[i].Known == header && !IsDropped(i)) return i;
        }

        return -1;
    }

    /// <summary>As above by name, compared without case. Repeated lines are separate values; never join them for a decision (CVE-2026-26308).</summary>
    public int Find(ReadOnlySpan<byte> name, int from = 0)
    {
        for (int i = from; i < _fields.Length; i++)
        {
            if (_fields[i].NameLength == name.Length && !IsDropped(i) && Ascii.EqualsIgnoreCase(Name(i), name)) return i;
        }

        return -1;
    }

    /// <summary>The first value of that header.</summary>
    public bool TryGet(KnownHeader header, out ReadOnlySpan<byte> value)
    {
        int index = Find(header);
        value = index < 0 ? default : Value(index);
        return index >= 0;
    }

    /// <summary>The first value of that header.</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int index = Find(name);
        value = index < 0 ? default : Value(index);
        return index >= 0;
    }

    public bool Has(KnownHeader header) => Find(header) >= 0;

    public void DropAt(int index) => _fields[index].Flags |= HeaderFlags.Dropped;

    /// <summary>Drops every line of that header; says how many there were.</summary>
    public int Drop(KnownHeader header)
    {
        int dropped = 0;
        for (int i = Find(header); i >= 0; i = Find(header, i + 1))
        {
            DropAt(i);
            dropped++;
        }

        return dropped;
    }

    /// <summary>Drops every line of that name; says how many there were.</summary>
    public int Drop(ReadOnlySpan<byte> name)
    {
        int dropped = 0;
        for (int i = Find(name); i >= 0; i = Find(name, i + 1))
        {
            DropAt(i);
            dropped++;
        }

        return dropped;
    }

    /// <summary>Live lines in order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>One live line.</summary>
    public readonly ref struct Entry
    {
        internal Entry(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, KnownHeader known)
        {
            Name = name;
            Value = value;
            Known = known;
        }

        public ReadOnlySpan<byte> Name { get; }

        public ReadOnlySpan<byte> Value { get; }

        public KnownHeader Known { get; }
    }

    public ref struct Enumerator
    {
        private readonly HeaderBlock _block;
        private int _index = -1;

        internal Enumerator(HeaderBlock block) => _block = block;

        public readonly Entry Current => new(_block.Name(_index), _block.Value(_index), _block.Known(_index));

        public bool MoveNext()
        {
            while (++_index < _block.Count)
            {
                if (!_block.IsDropped(_index)) return true;
            }

            return false;
        }
    }
}

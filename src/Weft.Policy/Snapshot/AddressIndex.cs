using System;
using System.Collections.Generic;
using System.Numerics;

namespace Weft.Policy.Snapshot;

/// <summary>From an address and port (or an address, port 0) to a slot. Immutable; arrays only.</summary>
internal sealed class AddressIndex
{
    private readonly IpPort[] _keys;
    private readonly int[] _slots;

    private AddressIndex(IpPort[] keys, int[] slots)
    {
        _keys = keys;
        _slots = slots;
    }

    public static AddressIndex Empty { get; } = new([], []);

    /// <summary>The first entry with a key wins: callers order by name.</summary>
    public static AddressIndex Build(List<(IpPort Key, int Slot)> entries)
    {
        if (entries.Count == 0)
            return Empty;
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)entries.Count * 2);
        var index = new AddressIndex(new IpPort[size], new int[size]);
        foreach ((IpPort key, int slot) in entries)
        {
            int i = Start(key, size - 1);
            while (index._slots[i] != 0 && index._keys[i] != key)
                i = (i + 1) & (size - 1);
            if (index._slots[i] != 0)
                continue;
            index._keys[i] = key;
            index._slots[i] = slot + 1;
        }

        return index;
    }

    /// <summary>-1 when unknown.</summary>
    public int Find(in IpPort key)
    {
        if (_slots.Length == 0)
            return -1;
        int mask = _slots.Length - 1;
        for (int i = Start(key, mask); _slots[i] != 0; i = (i + 1) & mask)
        {
            if (_keys[i] == key)
                return _slots[i] - 1;
        }

        return -1;
    }

    private static int Start(in IpPort key, int mask)
    {
        (ulong high, ulong low) = key.Address.Halves;
        ulong mixed = Math.BigMul(high ^ ((ulong)(uint)key.Port << 32) ^ 0x9E37_79B9_7F4A_7C15, low ^ 0xE703_7ED1_A0B4_28DB, out ulong folded);
        return (int)(mixed ^ folded) & mask;
    }
}

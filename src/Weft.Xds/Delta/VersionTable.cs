using System;
using System.Collections.Generic;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;

namespace Weft.Xds.Delta;

/// <summary>The version of each published resource, in arrays beside the snapshot's slots: no object per resource. Discovery thread only.</summary>
internal sealed class VersionTable
{
    private readonly ResourceVersion[][] _bySlot;

    public VersionTable()
    {
        _bySlot = new ResourceVersion[(int)BlockKind.NameTable + 1][];
        Array.Fill(_bySlot, []);
    }

    /// <summary>A slot that is given to another resource always gets that one's version in the same publish.</summary>
    public void Set(MeshSnapshot snapshot, BlockKind kind, string name, ResourceVersion version)
    {
        var id = snapshot.Find(kind, Encoding.UTF8.GetBytes(name));
        if (id.IsNone) return;
        ref var table = ref _bySlot[(int)kind];
        if (id.Slot >= table.Length) Array.Resize(ref table, Math.Max(id.Slot + 1, snapshot.Slots(kind)));
        table[id.Slot] = version;
    }

    /// <summary>initial_resource_versions of one type.</summary>
    public List<KeyValuePair<string, string>> Held(MeshSnapshot snapshot, BlockKind kind)
    {
        var held = new List<KeyValuePair<string, string>>(snapshot.Count(kind));
        var table = _bySlot[(int)kind];
        for (var slot = 0; slot < Math.Min(table.Length, snapshot.Slots(kind)); slot++)
        {
            var block = snapshot.Block(kind, slot);
            if (!block.IsEmpty && table[slot].IsKnown) held.Add(new(Encoding.UTF8.GetString(block.Name), table[slot].ToString()));
        }

        return held;
    }
}

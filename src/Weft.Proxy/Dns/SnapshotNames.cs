using System;
using System.Threading;
using Weft.Policy.Snapshot;

namespace Weft.Proxy.Dns;

/// <summary>The name table of the current snapshot. One reader behind a lock: DNS is not the data path, and a reader serves one thread at a time.</summary>
internal sealed class SnapshotNames(SnapshotStore store) : IMeshNames, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SnapshotReader _reader = store.Register();

    public bool IsKnown => store.Current.Count(Policy.Blocks.BlockKind.NameTable) > 0;

    public int Find(ReadOnlySpan<byte> name, Span<uint> addresses)
    {
        lock (_gate)
        {
            try
            {
                var table = _reader.Enter().NameTable();
                if (table.IsEmpty) return -1;
                int entry = table.Find(name);
                if (entry < 0) return -1;
                int count = 0;
                foreach (ref readonly var address in table.Addresses(table.Entries[entry]))
                {
                    if (address.Network.IsV4 && count < addresses.Length) addresses[count++] = address.Network.V4;
                }
                return count;
            }
            finally
            {
                _reader.Park();
            }
        }
    }

    public void Dispose() => _reader.Dispose();
}

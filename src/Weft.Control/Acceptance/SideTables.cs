using System.Collections.Generic;
using Weft.Control.Collections;

namespace Weft.Control.Acceptance;

/// <summary>
/// Where the objects of the last few accepted sets were written: digest → objects with their places. A comment edit replaces the table of the present digest; older digests keep theirs, because a proxy may still report them. Single writer, readers take a copy.
/// </summary>
public sealed class SideTables
{
    private const int Kept = 8;

    private readonly LinkedList<MeshState> _states = new();
    private readonly System.Threading.Lock _lock = new();

    public void Record(MeshState state)
    {
        lock (_lock)
        {
            for (LinkedListNode<MeshState>? node = _states.First; node is not null; node = node.Next)
            {
                if (node.Value.Digest == state.Digest)
                {
                    _states.Remove(node);
                    break;
                }
            }

            _states.AddFirst(state);
            while (_states.Count > Kept)
            {
                _states.RemoveLast();
            }
        }
    }

    /// <summary>The set with that digest, or the present one when <paramref name="digest"/> is empty; null when it is too old.</summary>
    public MeshState? Find(string digest)
    {
        lock (_lock)
        {
            foreach (MeshState state in _states)
            {
                if (digest.Length == 0 || state.Digest == digest)
                {
                    return state;
                }
            }

            return null;
        }
    }
}

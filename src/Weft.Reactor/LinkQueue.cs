using System.Diagnostics.CodeAnalysis;

namespace Weft.Reactor;

/// <summary>Which chain of the loop a link stands in; a link may stand in each once.</summary>
internal enum LinkChain
{
    Ready,
    Handshake,
    Flush,
    Closing,
}

/// <summary>Links waiting for one thing, first come first served. The chain runs through the links, so that queueing allocates nothing.</summary>
internal struct LinkQueue(LinkChain chain)
{
    private Link? _first;
    private Link? _last;

    public int Count { get; private set; }

    public readonly bool IsEmpty => _first is null;

    /// <summary>Appends the link unless it waits already.</summary>
    public void Add(Link link)
    {
        ref LinkQueueEntry entry = ref link.QueueEntry(chain);
        if (entry.IsQueued)
        {
            return;
        }

        entry.IsQueued = true;
        if (_last is null)
        {
            _first = link;
        }
        else
        {
            _last.QueueEntry(chain).Next = link;
        }

        _last = link;
        Count++;
    }

    public bool TryTake([NotNullWhen(true)] out Link? link)
    {
        link = _first;
        if (link is null)
        {
            return false;
        }

        ref LinkQueueEntry entry = ref link.QueueEntry(chain);
        _first = entry.Next;
        if (_first is null)
        {
            _last = null;
        }

        entry = default;
        Count--;
        return true;
    }
}

/// <summary>A link's place in one chain.</summary>
internal struct LinkQueueEntry
{
    public Link? Next;
    public bool IsQueued;
}

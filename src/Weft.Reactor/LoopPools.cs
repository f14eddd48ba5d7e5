using System;
using System.Diagnostics.CodeAnalysis;
using Weft.Native.OpenSsl;

namespace Weft.Reactor;

/// <summary>Links and sessions that wait for their next connection, so that accepting and connecting allocate nothing in the long run. One loop's own.</summary>
internal sealed class LoopPools(TlsWorkspace workspace)
{
    // Objects of a few hundred bytes: a burst beyond it becomes garbage once.
    private const int Kept = 1024;

    private readonly Link[] _links = new Link[Kept];
    private readonly TlsSession[] _sessions = new TlsSession[Kept];
    private int _linkCount;
    private int _sessionCount;

    public bool TryRentLink([NotNullWhen(true)] out Link? link)
    {
        link = _linkCount > 0 ? _links[--_linkCount] : null;
        return link is not null;
    }

    public void Return(Link link)
    {
        if (_linkCount < Kept)
        {
            _links[_linkCount++] = link;
        }
    }

    public TlsSession RentSession() => _sessionCount > 0 ? _sessions[--_sessionCount] : new TlsSession(workspace);

    public void Return(TlsSession session)
    {
        if (_sessionCount < Kept)
        {
            _sessions[_sessionCount++] = session;
        }
        else
        {
            session.Dispose();
        }
    }

    public void Clear()
    {
        Array.Clear(_links);
        _linkCount = 0;
        while (_sessionCount > 0)
        {
            _sessions[--_sessionCount].Dispose();
        }
    }
}

using System;

namespace Weft.Http;

/// <summary>What is known of one field line.</summary>
[Flags]
public enum HeaderFlags : byte
{
    None = 0,

    /// <summary>Not to be matched, logged or forwarded any more: hop-by-hop, or removed by a rule.</summary>
    Dropped = 1,

    /// <summary>The line reads exactly <c>Name: value CRLF</c>, so that neighbours can be forwarded in one copy.</summary>
    Plain = 2,
}

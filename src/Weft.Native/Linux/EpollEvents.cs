using System;

namespace Weft.Native.Linux;

/// <summary>What epoll reports and is asked for; numbers of epoll_ctl(2).</summary>
[Flags]
public enum EpollEvents : uint
{
    None = 0,

    /// <summary>Bytes, a connection or the end of the stream can be read.</summary>
    In = 0x001,

    /// <summary>Room to write, or connect has come to an end.</summary>
    Out = 0x004,

    /// <summary>The socket has an error; always reported.</summary>
    Error = 0x008,

    /// <summary>Both directions are over; always reported.</summary>
    HangUp = 0x010,

    /// <summary>The peer will send no more.</summary>
    ReadHangUp = 0x2000,

    /// <summary>One of several epoll sets is woken, not all. Only together with In (and Out), never with ReadHangUp, never modified: EINVAL.</summary>
    Exclusive = 1u << 28,

    /// <summary>Report changes, not states.</summary>
    EdgeTriggered = 1u << 31,
}

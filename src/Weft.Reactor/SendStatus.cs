namespace Weft.Reactor;

/// <summary>What became of bytes given to a link.</summary>
public enum SendStatus
{
    /// <summary>Taken; more may follow at once.</summary>
    Taken,

    /// <summary>Taken, but stop feeding until <see cref="ILinkHandler.OnWritable"/>: the peer reads slower than we write.</summary>
    AboveHighWatermark,

    /// <summary>Not taken: the link is closing, or our direction was shut. <see cref="ILinkHandler.OnClosed"/> says or will say why.</summary>
    Closed,
}

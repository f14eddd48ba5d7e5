namespace Weft.Reactor;

/// <summary>Takes accepted connections. One object may serve several loops: each call comes from the loop that will own the link.</summary>
public interface IAcceptHandler
{
    /// <summary>A new plain link, its addresses and original destination readable, nothing received yet.</summary>
    /// <returns>Who handles it; null refuses it (RST).</returns>
    ILinkHandler? OnAccepted(Link link);
}

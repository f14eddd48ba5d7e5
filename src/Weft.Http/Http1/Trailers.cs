namespace Weft.Http.Http1;

/// <summary>
/// Which fields a trailer section may carry onwards (RFC 9110 §6.5.1): nothing that frames, routes, authenticates or describes the
/// message, because whoever acted on the head has already done so.
/// </summary>
internal static class Trailers
{
    /// <summary>Drops what must not travel. False when the section tries to frame the message again: that is no honest peer (attacks T11).</summary>
    public static bool TryFilter(in HeaderBlock trailers)
    {
        for (int i = 0; i < trailers.Count; i++)
        {
            KnownHeader known = trailers.Known(i);
            if (known is KnownHeader.ContentLength or KnownHeader.TransferEncoding) return false;
            // Every name the proxy acts on is a head's business, and so are these few it does not act on.
            if (known != KnownHeader.Other || IsForbidden(trailers, i)) trailers.DropAt(i);
        }

        return true;
    }

    private static bool IsForbidden(in HeaderBlock trailers, int index)
    {
        foreach (string name in Forbidden)
        {
            if (trailers.Name(index).Length == name.Length && System.Text.Ascii.EqualsIgnoreCase(trailers.Name(index), name)) return true;
        }

        return false;
    }

    private static readonly string[] Forbidden =
    [
        "cache-control", "content-encoding", "content-range", "if-match", "if-modified-since", "if-none-match", "if-range",
        "if-unmodified-since", "max-forwards", "origin", "pragma", "proxy-authenticate", "proxy-authorization", "range", "referer",
        "retry-after", "vary", "www-authenticate", "age", "expires", "x-real-ip",
    ];
}
